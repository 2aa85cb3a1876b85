package io.vertxraft.peer;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Binds a node id to the certificate its node presents: a certificate that is trusted but belongs
 * to another node does not make one this node.
 */
public final class PeerCertificate {
  private static final int SAN_DNS = 2;
  private static final int SAN_URI = 6;
  private static final String NODE_SCHEME = "raft://";

  private PeerCertificate() {}

  /**
   * Checks that the certificate presented on a connection names the node.
   *
   * @return null if it does, else what it names instead
   */
  public static String mismatch(CertificateSource connection, String clusterId, String nodeId) {
    List<Certificate> chain;
    try {
      chain = connection.peerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      return "node '%s' presents no certificate".formatted(nodeId);
    }
    if (chain == null || chain.isEmpty() || !(chain.get(0) instanceof X509Certificate leaf)) {
      return "node '%s' presents no certificate".formatted(nodeId);
    }
    Names names = names(leaf);
    return names.match(clusterId, nodeId)
        ? null
        : "the certificate presented names %s, not node '%s' of cluster '%s'"
            .formatted(names, nodeId, clusterId);
  }

  /**
   * The names in a certificate.
   *
   * @param plain the common name and the alternative names of type DNS
   * @param nodes the alternative names of type URI that begin with {@code raft://}
   */
  record Names(Set<String> plain, Set<String> nodes) {
    /**
     * Whether the node is named. A certificate that says of which cluster its node is counts for
     * that cluster only, whatever its plain names are.
     */
    boolean match(String clusterId, String nodeId) {
      return nodes.isEmpty()
          ? plain.contains(nodeId)
          : nodes.contains(NODE_SCHEME + clusterId + "/" + nodeId);
    }

    @Override
    public String toString() {
      Set<String> all = new LinkedHashSet<>(plain);
      all.addAll(nodes);
      return all.toString();
    }
  }

  /** Reads the names that may stand for a node. */
  static Names names(X509Certificate certificate) {
    Names names = new Names(new LinkedHashSet<>(), new LinkedHashSet<>());
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          names.plain.add(rdn.getValue().toString());
        }
      }
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
        String text = name.get(1).toString();
        if (name.get(0).equals(SAN_DNS)) {
          names.plain.add(text);
        } else if (name.get(0).equals(SAN_URI)
            && text.regionMatches(true, 0, NODE_SCHEME, 0, NODE_SCHEME.length())) {
          names.nodes.add(text);
        }
      }
    } catch (InvalidNameException | CertificateParsingException e) {
      // What cannot be read to its end may hold a claim that contradicts what was read so far.
      return new Names(Set.of(), Set.of());
    }
    return names;
  }
}
