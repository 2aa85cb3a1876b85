package io.vertxraft.examples.benchmark.peer;

import java.io.DataInput;
import java.io.DataOutput;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.protocols.raft.ELECTION;
import org.jgroups.protocols.raft.FileBasedLog;
import org.jgroups.protocols.raft.NO_DUPES;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.protocols.raft.REDIRECT;
import org.jgroups.raft.Options;
import org.jgroups.raft.RaftHandle;
import org.jgroups.raft.StateMachine;

/** A member of jgroups-raft over TCP. */
public final class JgroupsMember implements RaftMember {
  private static final byte[] NO_QUERY = {0};
  private static final int CREDIT_BYTES = 8_000_000;
  private static final Options WITHOUT_ANSWER = Options.create(true);

  private final Counting stateMachine = new Counting();
  private final RaftHandle handle;

  /** Starts it and returns once it has joined. Blocks. */
  public JgroupsMember(MemberSetup setup) throws Exception {
    InetAddress host = InetAddress.getByName(MemberSetup.HOST);
    List<String> names = new ArrayList<>();
    List<InetSocketAddress> hosts = new ArrayList<>();
    for (int port : setup.ports()) {
      names.add("n" + (names.size() + 1));
      hosts.add(new InetSocketAddress(host, port));
    }
    TCP tcp = new TCP();
    tcp.setBindAddress(host);
    tcp.setBindPort(setup.ports().get(setup.self()));
    tcp.setPortRange(0);
    tcp.tcpNodelay(true);
    TCPPING discovery = new TCPPING();
    discovery.setInitialHosts(hosts);
    discovery.setPortRange(0);
    UFC flowControl = new UFC();
    flowControl.setMaxCredits(CREDIT_BYTES);
    RAFT raft = new RAFT();
    raft.members(names)
        .raftId(names.get(setup.self()))
        .logClass(FileBasedLog.class.getName())
        .logDir(setup.directory().toString())
        .logPrefix("log")
        .logUseFsync(setup.synced())
        .maxLogSize(Long.MAX_VALUE);
    JChannel channel =
        new JChannel(
            tcp,
            discovery,
            new MERGE3(),
            new FD_SOCK2(),
            new FD_ALL3(),
            new VERIFY_SUSPECT2(),
            new NAKACK2(),
            new UNICAST3(),
            new STABLE(),
            new NO_DUPES(),
            new GMS(),
            flowControl,
            new FRAG4(),
            new ELECTION(),
            raft,
            new REDIRECT());
    channel.name(names.get(setup.self()));
    handle = new RaftHandle(channel, stateMachine).raftId(names.get(setup.self()));
    channel.connect("bench");
  }

  /** Counts. */
  private static final class Counting implements StateMachine {
    private volatile long applied;

    @Override
    public byte[] apply(byte[] data, int offset, int length, boolean serializeResponse) {
      applied++;
      return null;
    }

    @Override
    public void readContentFrom(DataInput in) {
      // There is no state.
    }

    @Override
    public void writeContentTo(DataOutput out) {
      // There is no state.
    }
  }

  @Override
  public boolean isLeader() {
    return handle.isLeader();
  }

  @Override
  public void apply(byte[] command, Completion completion) {
    try {
      CompletableFuture<byte[]> unused =
          handle
              .setAsync(command, 0, command.length, WITHOUT_ANSWER)
              .whenComplete((answer, failure) -> completion.done(failure));
    } catch (Exception refused) {
      completion.done(refused);
    }
  }

  @Override
  public void read(ReadKind kind, Completion completion) {
    if (kind == ReadKind.LEASE) {
      throw new UnsupportedOperationException("jgroups-raft has no reads by lease");
    }
    try {
      CompletableFuture<byte[]> unused =
          handle
              .getAsync(NO_QUERY, 0, NO_QUERY.length)
              .whenComplete((answer, failure) -> completion.done(failure));
    } catch (Exception refused) {
      completion.done(refused);
    }
  }

  @Override
  public long applied() {
    return stateMachine.applied;
  }
}
