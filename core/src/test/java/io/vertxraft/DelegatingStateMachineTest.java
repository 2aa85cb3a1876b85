package io.vertxraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wrapper must not lose anything of what it wraps, whatever is added to the interface. */
class DelegatingStateMachineTest {
  private static final class Wrapper extends DelegatingStateMachine {
    Wrapper(StateMachine delegate) {
      super(delegate);
    }
  }

  @Test
  void every_method_of_a_state_machine_reaches_the_one_inside() throws Exception {
    List<String> reached = new ArrayList<>();
    StateMachine inside =
        (StateMachine)
            Proxy.newProxyInstance(
                StateMachine.class.getClassLoader(),
                new Class<?>[] {StateMachine.class},
                (proxy, method, arguments) -> {
                  reached.add(method.getName());
                  return method.getReturnType() == boolean.class
                      ? (Object) true
                      : Future.succeededFuture();
                });
    StateMachine wrapper = new Wrapper(inside);
    List<Method> methods =
        Arrays.stream(StateMachine.class.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .toList();
    for (Method method : methods) {
      method.invoke(wrapper, new Object[method.getParameterCount()]);
    }
    assertThat(reached).containsExactlyElementsOf(methods.stream().map(Method::getName).toList());
    assertThat(wrapper.wantsSessionEnds()).isTrue();
  }

  @Test
  void a_wrapper_of_nothing_is_refused() {
    assertThatThrownBy(() -> new Wrapper(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("delegate");
  }
}
