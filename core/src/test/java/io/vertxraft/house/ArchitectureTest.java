package io.vertxraft.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertxraft.CommandStream;
import io.vertxraft.RaftClient;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftService;
import java.io.Serializable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The floors of the house, every arrow down: runtime, then consensus and spi, then protocol and the
 * API's plain types. The only ways up are the factories of {@link RaftNode} and {@link
 * CommandStream}, which name the runtime.
 */
@AnalyzeClasses(
    packages = "io.vertxraft",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ImportOption.DoNotIncludeJars.class,
      ArchitectureTest.HandWritten.class
    })
class ArchitectureTest {
  private static final String API = "io.vertxraft";
  private static final String SPI = "io.vertxraft.spi..";
  private static final String PROTOCOL = "io.vertxraft.protocol..";
  private static final String CONSENSUS = "io.vertxraft.consensus..";

  /** Of the API, what makes things of the runtime. */
  private static final Class<?>[] FACTORIES = {
    RaftNode.class, RaftClient.class, RaftService.class, CommandStream.class
  };

  private static final String CLIENT = "io.vertxraft.client..";
  private static final String RUNTIME = "io.vertxraft.runtime..";

  @ArchTest
  static final ArchRule protocol_needs_nothing_but_the_jdk =
      classes()
          .that()
          .resideInAPackage(PROTOCOL)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(PROTOCOL, "java..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule consensus_needs_only_the_protocol_and_plain_jdk_types =
      classes()
          .that()
          .resideInAPackage(CONSENSUS)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(CONSENSUS, PROTOCOL, "java..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule protocol_and_consensus_do_no_io_read_no_clock_and_start_no_thread =
      noClasses()
          .that()
          .resideInAnyPackage(PROTOCOL, CONSENSUS)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.io..",
                      "java.net..",
                      "java.nio.file..",
                      "java.nio.channels..",
                      "java.time..",
                      "java.util.concurrent..")
                  .and(not(belongToAnyOf(Serializable.class, TimeUnit.class))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule the_spi_knows_the_protocol_and_of_vertx_only_futures_and_plain_data =
      classes()
          .that()
          .resideInAPackage(SPI)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      SPI, PROTOCOL, "java..", "io.vertx.core.buffer", "io.vertx.core.json")
                  .or(belongToAnyOf(Future.class, VertxException.class)))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule the_api_does_not_know_the_consensus =
      noClasses()
          .that()
          .resideInAPackage(API)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CONSENSUS)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule only_the_factories_of_the_api_name_the_runtime =
      noClasses()
          .that()
          .resideOutsideOfPackage(RUNTIME)
          .and()
          .doNotBelongToAnyOf(FACTORIES)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(RUNTIME)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule packages_form_no_cycle_but_for_those_factories =
      slices()
          .assignedFrom(new PackageItself())
          .should()
          .beFreeOfCycles()
          .ignoreDependency(belongToAnyOf(FACTORIES), resideInAPackage(RUNTIME))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothing_prints_to_the_standard_streams =
      noClasses().should(ACCESS_STANDARD_STREAMS).allowEmptyShould(true);

  @ArchTest
  static final ArchRule public_signatures_show_no_implementation_type =
      classes()
          .that()
          .arePublic()
          .and()
          .resideInAnyPackage(API, SPI)
          .should(Signatures.showNoneOf(resideInAnyPackage(RUNTIME, CONSENSUS, CLIENT)))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule the_spi_hands_threads_over_only_as_executors =
      noClasses()
          .that()
          .resideInAPackage(SPI)
          .should()
          .dependOnClassesThat(
              resideInAPackage("java.util.concurrent..")
                  .and(not(belongToAnyOf(Executor.class, TimeUnit.class))))
          .allowEmptyShould(true);

  /** Leaves out the RxJava 3 API, which the build generates. */
  static final class HandWritten implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/rxjava3/");
    }
  }

  /** Every package is a slice of its own, the API's root package too. */
  private static final class PackageItself implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
