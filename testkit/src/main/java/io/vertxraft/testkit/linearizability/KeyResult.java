package io.vertxraft.testkit.linearizability;

/**
 * What the check of one key came to.
 *
 * @param key the key
 * @param verdict the verdict
 * @param operations number of operations on it
 * @param steps effort of the search
 * @param report what is wrong, as text for people; empty if nothing is, or if other keys were
 *     explained already
 */
public record KeyResult(String key, Verdict verdict, int operations, long steps, String report) {}
