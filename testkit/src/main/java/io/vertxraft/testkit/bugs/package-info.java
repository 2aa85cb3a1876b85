/**
 * Real bugs of consensus systems, planted into the product one at a time to prove that the
 * simulator finds them. The product has no switches for this: its source text is edited, compiled
 * in memory and loaded in front of the original.
 */
package io.vertxraft.testkit.bugs;
