/**
 * Hosts the consensus core on Vert.x: carries out its effects, in order, and feeds back what comes
 * of them. Everything here runs on the member's own serial context unless it says otherwise.
 */
package io.vertxraft.runtime;
