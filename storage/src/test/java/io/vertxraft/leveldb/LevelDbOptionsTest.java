package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class LevelDbOptionsTest {
  @Test
  void optionsSurviveJson() {
    LevelDbOptions options =
        new LevelDbOptions()
            .setDirectory("/data")
            .setWriteBufferBytes(1_000_000)
            .setCacheBytes(2_000_000)
            .setBatchBytesMax(3_000)
            .setBatchWritesMax(4)
            .setFreeSpaceBytesMin(5)
            .setNativeLibraryDirectory("/lib");
    JsonObject json = options.toJson();
    assertThat(json.size()).isEqualTo(7);
    assertThat(new LevelDbOptions(json).toJson()).isEqualTo(json);
    assertThat(new LevelDbOptions(options).toJson()).isEqualTo(json);
    assertThat(new LevelDbOptions(new JsonObject()).toJson())
        .isEqualTo(new LevelDbOptions().toJson());
  }

  @Test
  void aMistakeIsNamedWithItsValueAndRange() {
    assertThatThrownBy(() -> LevelDbStorage.create(new LevelDbOptions()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("directory is missing");
    LevelDbOptions options = new LevelDbOptions().setDirectory("d").setBatchWritesMax(0);
    assertThatThrownBy(options::validate)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batchWritesMax is 0: use 1 to 1000000");
  }
}
