package io.vertxraft.testkit.bugs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every planted bug is found by its story, and the product as it is passes all of them. */
class BugBankTest {
  private static final BugPlanter PLANTER = new BugPlanter();

  static Stream<PlantedBug> plantable() {
    return BugBank.plantable().stream();
  }

  @ParameterizedTest
  @MethodSource("plantable")
  void itsStoryFindsTheBug(PlantedBug bug) {
    Optional<Finding> found = PLANTER.plant(bug).playScenario();

    assertThat(found)
        .as(bug.name() + ": " + bug.description())
        .map(Finding::rule)
        .contains(bug.rule());
  }

  @ParameterizedTest
  @MethodSource("plantable")
  void withoutTheBugNothingGoesWrongInTheStory(PlantedBug bug) {
    bug.scenario().play();
  }

  @Test
  void theBankIsLargeAndItsNamesAreUnique() {
    List<String> names = BugBank.all().stream().map(PlantedBug::name).toList();

    assertThat(names).doesNotHaveDuplicates();
    assertThat(BugBank.plantable()).hasSizeGreaterThanOrEqualTo(18);
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNamesThatExist() {
    assertThatThrownBy(() -> BugBank.find("no-such-bug"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'no-such-bug'")
        .hasMessageContaining("no-check-quorum");
  }
}
