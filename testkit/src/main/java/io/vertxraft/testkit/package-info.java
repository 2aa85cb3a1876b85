/**
 * What users and implementers test with: an in-memory storage, and the building blocks of the
 * simulator in {@code sim} and of its checks in {@code oracle}.
 */
package io.vertxraft.testkit;
