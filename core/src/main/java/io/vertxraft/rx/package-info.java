/**
 * For RxJava 3 beyond the generated {@code io.vertxraft.rxjava3}: needs {@code
 * io.vertx:vertx-rx-java3} on the class path, which nothing else of the library does.
 */
package io.vertxraft.rx;
