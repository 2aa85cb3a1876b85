package io.vertxraft.examples.benchmark.peer;

import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.BaseLogEntry;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.persistence.RaftStoreSerializer.Serializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What MicroRaft sends and what it stores have in common, as bytes. Operations are byte arrays. */
final class MicroRaftCodec {
  static final RaftModelFactory MODEL = new DefaultRaftModelFactory();
  private static final int NOBODY = -1;

  private MicroRaftCodec() {}

  /** Writes a value of one kind. */
  interface Writer<T> {
    void write(DataOutputStream out, T value) throws IOException;
  }

  /** Reads a value of one kind. */
  interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  static <T> byte[] bytes(Writer<T> writer, T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try {
      writer.write(new DataOutputStream(bytes), value);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  static <T> T value(Reader<T> reader, byte[] bytes) {
    try {
      return reader.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  static <T> Serializer<T> serializer(Writer<T> writer, Reader<T> reader) {
    return new Serializer<>() {
      @Override
      public byte[] serialize(T value) {
        return bytes(writer, value);
      }

      @Override
      public T deserialize(byte[] bytes) {
        return value(reader, bytes);
      }
    };
  }

  static void endpoint(DataOutputStream out, RaftEndpoint endpoint) throws IOException {
    out.writeInt(endpoint == null ? NOBODY : ((MicroRaftEndpoint) endpoint).place());
  }

  static RaftEndpoint endpoint(DataInputStream in) throws IOException {
    int place = in.readInt();
    return place == NOBODY ? null : new MicroRaftEndpoint(place);
  }

  static void endpoints(DataOutputStream out, Collection<RaftEndpoint> endpoints)
      throws IOException {
    out.writeInt(endpoints.size());
    for (RaftEndpoint endpoint : endpoints) {
      endpoint(out, endpoint);
    }
  }

  static List<RaftEndpoint> endpoints(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<RaftEndpoint> endpoints = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      endpoints.add(endpoint(in));
    }
    return endpoints;
  }

  static void members(DataOutputStream out, RaftGroupMembersView members) throws IOException {
    out.writeLong(members.getLogIndex());
    endpoints(out, members.getMembers());
    endpoints(out, members.getVotingMembers());
  }

  static RaftGroupMembersView members(DataInputStream in) throws IOException {
    return MODEL
        .createRaftGroupMembersViewBuilder()
        .setLogIndex(in.readLong())
        .setMembers(endpoints(in))
        .setVotingMembers(endpoints(in))
        .build();
  }

  private static void entryStart(DataOutputStream out, BaseLogEntry entry) throws IOException {
    byte[] operation = (byte[]) entry.getOperation();
    out.writeLong(entry.getIndex());
    out.writeInt(entry.getTerm());
    out.writeInt(operation.length);
    out.write(operation);
  }

  private static byte[] operation(DataInputStream in) throws IOException {
    byte[] operation = new byte[in.readInt()];
    in.readFully(operation);
    return operation;
  }

  static void entry(DataOutputStream out, LogEntry entry) throws IOException {
    entryStart(out, entry);
  }

  static LogEntry entry(DataInputStream in) throws IOException {
    return MODEL
        .createLogEntryBuilder()
        .setIndex(in.readLong())
        .setTerm(in.readInt())
        .setOperation(operation(in))
        .build();
  }

  static void chunk(DataOutputStream out, SnapshotChunk chunk) throws IOException {
    entryStart(out, chunk);
    out.writeInt(chunk.getSnapshotChunkIndex());
    out.writeInt(chunk.getSnapshotChunkCount());
    members(out, chunk.getGroupMembersView());
  }

  static SnapshotChunk chunk(DataInputStream in) throws IOException {
    return MODEL
        .createSnapshotChunkBuilder()
        .setIndex(in.readLong())
        .setTerm(in.readInt())
        .setOperation(operation(in))
        .setSnapshotChunkIndex(in.readInt())
        .setSnapshotChunkCount(in.readInt())
        .setGroupMembersView(members(in))
        .build();
  }
}
