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
import java.nio.ByteBuffer;

/** A member of SOFAJRaft. */
public final class JraftMember implements RaftMember {
  private static final byte[] NO_CONTEXT = new byte[0];

  private final Counting stateMachine = new Counting();
  private final Node node;

  /** Starts it and returns once it runs. Blocks. */
  public JraftMember(MemberSetup setup) {
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
    options.setLogUri(setup.directory().resolve("log").toString());
    options.setRaftMetaUri(setup.directory().resolve("meta").toString());
    options.setDisableCli(true);
    PeerId self = new PeerId(MemberSetup.HOST, setup.ports().get(setup.self()));
    node = new RaftGroupService("bench", self, options).start();
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
