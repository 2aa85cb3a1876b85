package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.Command;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.testkit.sim.SimCommand.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimStateMachineTest {
  private static final int REGISTER = 0;
  private static final int LIST = 1;
  private static final int COUNTER = 2;

  private final SimStateMachine machine = new SimStateMachine();
  private final EntryCodec codec = new EntryCodec("g");
  private long index;

  private SimReply apply(Operation operation, int key, long value, long expected) {
    SimCommand command = new SimCommand(operation, 1, index + 1, key, value, expected, 3);
    assertThat(SimCommand.decode(command.encode())).isEqualTo(command);
    byte[] payload = command.encode().getBytes();
    Command entry = new Command(codec.encode(++index, 1, EntryType.COMMAND, payload));
    SimReply reply = SimReply.decode(machine.apply(List.of(entry)).result().get(0));
    assertThat(reply.index()).isEqualTo(index).isEqualTo(machine.lastIndex());
    assertThat(reply.stateHash()).isEqualTo(machine.stateHash());
    assertThat(SimReply.decode(reply.encode())).isEqualTo(reply);
    return reply;
  }

  @Test
  void aRegisterAnswersWhatItHeldBefore() {
    assertThat(apply(Operation.PUT, REGISTER, 5, 0).value()).isZero();
    assertThat(apply(Operation.CAS, REGISTER, 6, 4).value()).isEqualTo(5);
    assertThat(apply(Operation.CAS, REGISTER, 7, 5).value()).isEqualTo(5);
    assertThat(apply(Operation.GET, REGISTER, 0, 0).value()).isEqualTo(7);
    assertThat(machine.number(REGISTER)).isEqualTo(7);
  }

  @Test
  void aListAnswersItsSizeAndItsElements() {
    assertThat(apply(Operation.APPEND, LIST, 5, 0).value()).isEqualTo(1);
    SimReply read = apply(Operation.GET, LIST, 0, 0);
    assertThat(apply(Operation.APPEND, LIST, 6, 0).value()).isEqualTo(2);
    assertThat(read.elements()).containsExactly(5L);
    assertThat(apply(Operation.GET, LIST, 0, 0).elements()).containsExactly(5L, 6L);
    assertThat(machine.list(LIST)).containsExactly(5L, 6L);
  }

  @Test
  void aCounterAnswersItsSum() {
    assertThat(apply(Operation.ADD, COUNTER, 5, 0).value()).isEqualTo(5);
    assertThat(apply(Operation.ADD, COUNTER, 5, 0).value()).isEqualTo(10);
    assertThat(apply(Operation.GET, COUNTER, 0, 0).value()).isEqualTo(10);
  }

  @Test
  void anOperationTheKeyDoesNotTakeIsRefused() {
    assertThatThrownBy(() -> apply(Operation.PUT, LIST, 1, 0))
        .hasMessageContaining("key 1 is a LIST and takes [APPEND, GET]");
  }
}
