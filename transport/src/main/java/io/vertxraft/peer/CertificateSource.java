package io.vertxraft.peer;

import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A connection, as far as it says who its other end is. */
@FunctionalInterface
public interface CertificateSource {
  /** The certificates that the other end has presented, its own first. */
  List<Certificate> peerCertificates() throws SSLPeerUnverifiedException;
}
