/** What every durable storage must do, as a test class to extend. */
package io.vertxraft.testkit.storage;
