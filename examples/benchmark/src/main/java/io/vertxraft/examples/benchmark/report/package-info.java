/** What was measured, as JSON, Markdown and a page with plots. */
package io.vertxraft.examples.benchmark.report;
