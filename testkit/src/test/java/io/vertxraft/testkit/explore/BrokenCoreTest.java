package io.vertxraft.testkit.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The explorer finds what is wrong with cores that are wrong. */
class BrokenCoreTest {
  @TempDir Path directory;

  @Test
  void an_entry_of_an_old_term_committed_by_counting_copies_is_lost_in_the_next_election() {
    assertThat(figure8Forgotten().explore("figure-8", "restarts=0"))
        .contains("leader completeness: b leads term 4 with [2- 4-], but committed was [1-]")
        .contains("VoteReply[term=4, granted=true]");
  }

  @Test
  void who_is_who_does_not_change_what_is_found() {
    assertThat(figure8Forgotten().explore("figure-8", "restarts=0", "symmetry=0"))
        .contains("leader completeness: b leads term 4 with [2- 4-], but committed was [1-]");
  }

  private MutantCore figure8Forgotten() {
    return MutantCore.of(
        directory, "Leader.java", "log.termAt(index) != core.term()", "log.termAt(index) < 0");
  }

  @Test
  void a_member_that_votes_twice_in_a_term_is_found() {
    MutantCore mutant =
        MutantCore.of(
            directory,
            "Role.java",
            "core.votedFor() == null || core.votedFor().equals(from);",
            "true;");

    assertThat(mutant.explore("beginning")).contains("one vote per term: vote of term 1 changed");
  }

  @Test
  void a_voter_that_does_not_compare_logs_elects_a_leader_without_committed_entries() {
    MutantCore mutant =
        MutantCore.of(directory, "Role.java", "granted = free && upToDate", "granted = free");

    assertThat(mutant.explore("replication")).contains("leader completeness");
  }

  @Test
  void a_vote_that_is_told_but_not_written_is_found() {
    MutantCore mutant =
        MutantCore.of(
            directory,
            "RaftCore.java",
            "      votedFor = candidate;\n      hardStateChanged = true;",
            "      votedFor = candidate;");

    assertThat(mutant.explore("beginning")).contains("told of a vote that is not durable");
  }

  @Test
  void a_confirmation_that_leaves_before_the_write_is_durable_is_found() {
    MutantCore mutant =
        MutantCore.of(
            directory,
            "Effects.java",
            "new Outbound(to, message).addTo(whenDurable);",
            "(message instanceof io.vertxraft.protocol.AppendEntriesReply ? sends : whenDurable)"
                + ".add(new Outbound(to, message));");

    assertThat(mutant.explore("slow-disk")).contains("confirmed entries that are not durable");
  }

  @Test
  void a_leader_that_counts_its_own_copy_before_it_is_durable_is_found() {
    MutantCore mutant =
        MutantCore.of(
            directory,
            "Leader.java",
            "? core.log().durableIndex() :",
            "? core.log().lastIndex() :");

    assertThat(mutant.explore("slow-disk")).contains("durability: committed [1-");
  }

  @Test
  void a_follower_that_commits_entries_its_leader_has_not_confirmed_is_found() {
    MutantCore mutant =
        MutantCore.of(
            directory,
            "Follower.java",
            "commitTo(Math.min(message.leaderCommit(), verifiedIndex));",
            "commitTo(Math.min(message.leaderCommit(), log.lastIndex()));");

    assertThat(mutant.explore("replication", "values=0", "timeouts=2", "restarts=0"))
        .contains("state machine safety");
  }

  @Test
  void a_core_that_breaks_its_own_invariant_is_found() {
    MutantCore mutant =
        MutantCore.of(
            directory,
            "Follower.java",
            "log.truncateFrom(entry.index());",
            "core.requireInvariant(false, \"conflict met\", entry.index());");

    assertThat(mutant.explore("figure-8", "restarts=0"))
        .contains("the core failed")
        .contains("conflict met");
  }
}
