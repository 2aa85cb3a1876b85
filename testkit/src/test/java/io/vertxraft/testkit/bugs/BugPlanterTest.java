package io.vertxraft.testkit.bugs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.consensus.Quorum;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BugPlanterTest {
  private static final String QUORUM = "io.vertxraft.consensus.Quorum";

  private final BugPlanter planter = new BugPlanter();

  @Test
  void theMutatedClassWorksInsideAndTheOriginalOutside() throws ReflectiveOperationException {
    PlantedProduct product = planter.plant(bug(edit("voters / 2 + 1", "voters / 2")));

    Class<?> mutated = product.loader().loadClass(QUORUM);

    assertThat(mutated.getMethod("majority", int.class).invoke(null, 4)).isEqualTo(2);
    assertThat(Quorum.majority(4)).isEqualTo(3);
  }

  @Test
  void theWholeToolkitIsLoadedAnewAndEverythingElseIsShared() throws ClassNotFoundException {
    ClassLoader loader = planter.plant(bug(edit("voters / 2 + 1", "voters / 2"))).loader();

    assertThat(loader.loadClass("io.vertxraft.consensus.RaftCore").getClassLoader())
        .isSameAs(loader);
    assertThat(loader.loadClass("io.vertx.core.Future")).isSameAs(io.vertx.core.Future.class);
    assertThatThrownBy(() -> loader.loadClass("io.vertxraft.NoSuchClass"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void severalEditsOfOneFileBuildOnEachOther() throws ReflectiveOperationException {
    PlantedProduct product =
        planter.plant(bug(edit("voters / 2 + 1", "voters / 3"), edit("voters / 3", "voters / 6")));

    Class<?> mutated = product.loader().loadClass(QUORUM);

    assertThat(mutated.getMethod("majority", int.class).invoke(null, 12)).isEqualTo(2);
  }

  @Test
  void aSnippetThatDoesNotOccurIsNamedWithItsBugAndClass() {
    assertThatThrownBy(() -> planter.plant(bug(edit("voters * 17", "voters"))))
        .isInstanceOf(PlantingException.class)
        .hasMessageContaining("'test-bug' is stale")
        .hasMessageContaining("does not occur in " + QUORUM)
        .hasMessageContaining("voters * 17");
  }

  @Test
  void aSnippetThatOccursTwiceIsNamedToo() {
    assertThatThrownBy(() -> planter.plant(bug(edit("configuration", "c"))))
        .isInstanceOf(PlantingException.class)
        .hasMessageContaining("'test-bug' is stale")
        .hasMessageContaining("occurs more than once in " + QUORUM);
  }

  @Test
  void aMutantThatDoesNotCompileIsNamedWithFileLineAndProblem() {
    assertThatThrownBy(() -> planter.plant(bug(edit("voters / 2 + 1", "voters / nothing"))))
        .isInstanceOf(PlantingException.class)
        .hasMessageContaining("'test-bug' does not compile")
        .hasMessageContaining("Quorum.java:")
        .hasMessageContaining("cannot find symbol");
  }

  @Test
  void aClassWithoutSourceIsNamed() {
    BugPlanter elsewhere = new BugPlanter(ProductSources.directory(Path.of("no", "such", "place")));

    assertThatThrownBy(() -> elsewhere.plant(bug(edit("voters / 2 + 1", "voters / 2"))))
        .isInstanceOf(PlantingException.class)
        .hasMessageContaining("'test-bug' changes " + QUORUM)
        .hasMessageContaining("source is not here");
  }

  @Test
  void aPendingBugNamesTheRequirementItWaitsFor() {
    assertThatThrownBy(() -> planter.plant(BugBank.find("applied-index-apart-from-state")))
        .isInstanceOf(PlantingException.class)
        .hasMessageContaining("'applied-index-apart-from-state'")
        .hasMessageContaining("R-13");
  }

  @Test
  void thePackedSourcesAreThoseOfTheRepository() {
    Path repository = Path.of("..", "core", "src", "main", "java");

    assertThat(ProductSources.packed().find(QUORUM))
        .isNotNull()
        .isEqualTo(ProductSources.directory(repository).find(QUORUM));
  }

  private static SourceEdit edit(String snippet, String replacement) {
    return new SourceEdit(QUORUM, snippet, replacement);
  }

  private static PlantedBug bug(SourceEdit... edits) {
    return new PlantedBug("test-bug", "classic", "A bug.", List.of(edits), () -> {}, "I1");
  }
}
