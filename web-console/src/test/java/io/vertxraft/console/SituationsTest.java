package io.vertxraft.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All situations of the tables together: what holds for each of them. */
@DisplayName("R-46: every situation that Explain knows")
class SituationsTest {

  static Stream<Arguments> all() {
    return Stream.of(ExplainTest.table(), MemberFindingsTest.table(), SnapshotFindingsTest.table())
        .flatMap(table -> table);
  }

  @Test
  void thereAreManyAndEachHasItsName() {
    List<String> names = all().map(row -> (String) row.get()[0]).toList();
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(40);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void itIsToldInOrderWithEvidenceAndWithoutSurprises(String story, Views views) {
    Explanation explanation = views.explain();
    assertThat(explanation.sentences()).isNotEmpty();
    assertThat(explanation.sentences()).extracting(Sentence::severity).isSorted();
    assertThat(
            Stream.concat(explanation.sentences().stream(), explanation.disagreements().stream()))
        .filteredOn(sentence -> sentence.severity() != Sentence.Severity.INFO)
        .allSatisfy(
            sentence -> {
              assertThat(sentence.text()).doesNotContain("null", "  ", "\n").doesNotEndWith(".");
              assertThat(sentence.evidence()).as(sentence.text()).isNotEmpty();
              assertThat(sentence.evidence())
                  .allSatisfy(fact -> assertThat(fact.fact()).isNotBlank().doesNotContain("null"));
            });
    assertThat(Explain.of(views.view()))
        .as("the same reports give the same words")
        .isEqualTo(explanation);
    assertThat(explanation.headline())
        .startsWith(
            switch (explanation.health()) {
              case HEALTHY -> "Healthy: ";
              case DEGRADED -> "Degraded: ";
              case NO_LEADER -> "No leader";
            });
  }
}
