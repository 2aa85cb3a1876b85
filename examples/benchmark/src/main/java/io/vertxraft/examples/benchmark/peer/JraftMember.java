package io.vertxraft.examples.benchmark.peer;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A member of SOFAJRaft; the groups of a place share its server and timers. */
public final class JraftMember implements RaftMember {
  private static final byte[] NO_CONTEXT = new byte[0];

  private final Counting stateMachine;
  private final Node node;

  private JraftMember(Node node, Counting stateMachine) {
    this.node = node;
    this.stateMachine = stateMachine;
  }

  /** Starts a member of each group and returns once they run. Blocks. */
  public static List<RaftMember> startAll(MemberSetup setup) throws IOException {
    PeerId self = new PeerId(MemberSetup.HOST, setup.ports().get(setup.self()));
    RpcServer server = RaftRpcServerFactory.createRaftRpcServer(self.getEndpoint());
    server.init(null);
    List<RaftMember> members = new ArrayList<>();
    for (int group = 1; group <= setup.groups(); group++) {
      Counting stateMachine = new Counting();
      NodeOptions options = options(setup, "group-" + group, stateMachine);
      Node node = new RaftGroupService("group-" + group, self, options, server, true).start(false);
      members.add(new JraftMember(node, stateMachine));
    }
    return members;
  }

  private static NodeOptions options(MemberSetup setup, String group, Counting stateMachine)
      throws IOException {
    Configuration members = new Configuration();
    for (int port : setup.ports()) {
      members.addPeer(new PeerId(MemberSetup.HOST, port));
    }
    RaftOptions raft = new RaftOptions();
    raft.setSync(setup.synced());
    NodeOptions options = new NodeOptions();
    options.setRaftOptions(raft);
    options.setElectionTimeoutMs(MemberSetup.ELECTION_TIMEOUT_MS);
    options.setInitialConf(members);
    options.setFsm(stateMachine);
    Path directory = Files.createDirectories(setup.directory().resolve(group));
    options.setLogUri(directory.resolve("log").toString());
    options.setRaftMetaUri(directory.resolve("meta").toString());
    options.setDisableCli(true);
    boolean shared = setup.groups() > 1;
    options.setSharedElectionTimer(shared);
    options.setSharedVoteTimer(shared);
    options.setSharedStepDownTimer(shared);
    options.setSharedSnapshotTimer(shared);
    return options;
  }

  /** Counts, and completes. */
  private static final class Counting extends StateMachineAdapter {
    private volatile long applied;

    @Override
    public void onApply(Iterator entries) {
      long count = 0;
      while (entries.hasNext()) {
        count++;
        Closure done = entries.done();
        if (done != null) {
          done.run(Status.OK());
        }
        entries.next();
      }
      applied += count;
    }
  }

  @Override
  public boolean isLeader() {
    return node.isLeader();
  }

  @Override
  public void apply(byte[] command, Completion completion) {
    node.apply(new Task(ByteBuffer.wrap(command), status -> completion.done(failure(status))));
  }

  @Override
  public void read(ReadKind kind, Completion completion) {
    node.readIndex(
        kind == ReadKind.LEASE ? ReadOnlyOption.ReadOnlyLeaseBased : ReadOnlyOption.ReadOnlySafe,
        NO_CONTEXT,
        new ReadIndexClosure() {
          @Override
          public void run(Status status, long index, byte[] context) {
            completion.done(failure(status));
          }
        });
  }

  private static Throwable failure(Status status) {
    return status.isOk() ? null : new IllegalStateException(status.toString());
  }

  @Override
  public long applied() {
    return stateMachine.applied;
  }
}
