package io.vertxraft.examples.demo;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * A set of ids that are given out one after the other from 0.
 *
 * <p>It is a bit set in pages of {@value #PAGE_IDS} ids. A page in which nothing is missing costs
 * one reference, so a long run without losses takes 8 bytes per page. Not thread safe.
 */
final class IdSet {
  private static final int PAGE_SHIFT = 16;
  private static final int PAGE_IDS = 1 << PAGE_SHIFT;
  private static final int PAGE_WORDS = PAGE_IDS / Long.SIZE;

  /** Stands for every page that holds all its ids; never written to. */
  private static final Page FULL = new Page(new long[0], PAGE_IDS);

  private static final byte EMPTY_PAGE = 0;
  private static final byte PARTIAL_PAGE = 1;
  private static final byte FULL_PAGE = 2;

  private Page[] pages = new Page[16];
  private long size;

  /** The ids of one page, and how many there are. */
  private static final class Page {
    private final long[] words;
    private int size;

    Page(long[] words, int size) {
      this.words = words;
      this.size = size;
    }

    long word(int index) {
      return this == FULL ? -1L : words[index];
    }

    Page copy() {
      return this == FULL ? FULL : new Page(words.clone(), size);
    }
  }

  /**
   * Adds an id.
   *
   * @param id not negative, and below 2<sup>47</sup>
   * @return whether it was not yet in the set
   */
  boolean add(long id) {
    int number = Math.toIntExact(id >>> PAGE_SHIFT);
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, pages.length * 2));
    }
    Page page = pages[number];
    if (page == null) {
      page = new Page(new long[PAGE_WORDS], 0);
      pages[number] = page;
    }
    int word = (int) (id & (PAGE_IDS - 1)) / Long.SIZE;
    long bit = 1L << (id % Long.SIZE);
    if ((page.word(word) & bit) != 0) {
      return false;
    }
    page.words[word] |= bit;
    page.size++;
    size++;
    if (page.size == PAGE_IDS) {
      pages[number] = FULL;
    }
    return true;
  }

  /** Whether the id is in the set. */
  boolean contains(long id) {
    int number = Math.toIntExact(id >>> PAGE_SHIFT);
    Page page = number < pages.length ? pages[number] : null;
    int word = (int) (id & (PAGE_IDS - 1)) / Long.SIZE;
    return page != null && (page.word(word) & (1L << (id % Long.SIZE))) != 0;
  }

  /** How many ids are in the set. */
  long size() {
    return size;
  }

  /** The set as it is now; later changes of either do not show in the other. */
  IdSet copy() {
    IdSet copy = new IdSet();
    copy.size = size;
    copy.pages = new Page[pages.length];
    for (int i = 0; i < pages.length; i++) {
      copy.pages[i] = pages[i] == null ? null : pages[i].copy();
    }
    return copy;
  }

  /**
   * The set in bytes: u32 number of pages, and for each of them u8 0 if it is empty, 2 if nothing
   * is missing in it, or 1 and its words.
   */
  Buffer encode() {
    Buffer encoded = Buffer.buffer().appendInt(pages.length);
    for (Page page : pages) {
      if (page == null) {
        encoded.appendByte(EMPTY_PAGE);
      } else if (page == FULL) {
        encoded.appendByte(FULL_PAGE);
      } else {
        encoded.appendByte(PARTIAL_PAGE);
        for (long word : page.words) {
          encoded.appendLong(word);
        }
      }
    }
    return encoded;
  }

  /**
   * Reads {@link #encode()}.
   *
   * @param position where it begins in {@code encoded}, of which it is the rest
   * @throws IllegalArgumentException if it is anything else
   */
  static IdSet decode(Buffer encoded, int position) {
    int count = encoded.getInt(position);
    int next = position + Integer.BYTES;
    if (count < 0 || count > encoded.length() - next) {
      throw new IllegalArgumentException("there cannot be %d pages".formatted(count));
    }
    IdSet set = new IdSet();
    set.pages = new Page[count];
    for (int number = 0; number < count; number++) {
      byte kind = encoded.getByte(next++);
      if (kind == FULL_PAGE) {
        set.pages[number] = FULL;
        set.size += PAGE_IDS;
      } else if (kind == PARTIAL_PAGE) {
        Page page = page(encoded, next);
        set.pages[number] = page;
        set.size += page.size;
        next += PAGE_WORDS * Long.BYTES;
      } else if (kind != EMPTY_PAGE) {
        throw new IllegalArgumentException("there is no page of the kind %d".formatted(kind));
      }
    }
    return set;
  }

  private static Page page(Buffer encoded, int position) {
    long[] words = new long[PAGE_WORDS];
    int ids = 0;
    for (int word = 0; word < PAGE_WORDS; word++) {
      words[word] = encoded.getLong(position + word * Long.BYTES);
      ids += Long.bitCount(words[word]);
    }
    return new Page(words, ids);
  }

  /** The ids that are in this set and not in {@code other}. */
  IdSet minus(IdSet other) {
    IdSet difference = new IdSet();
    for (int i = 0; i < pages.length; i++) {
      Page theirs = i < other.pages.length ? other.pages[i] : null;
      if (pages[i] != null && theirs != FULL) {
        difference.addMissing((long) i << PAGE_SHIFT, pages[i], theirs);
      }
    }
    return difference;
  }

  private void addMissing(long firstId, Page mine, Page theirs) {
    for (int word = 0; word < PAGE_WORDS; word++) {
      long missing = mine.word(word) & ~(theirs == null ? 0 : theirs.word(word));
      while (missing != 0) {
        add(firstId + (long) word * Long.SIZE + Long.numberOfTrailingZeros(missing));
        missing &= missing - 1;
      }
    }
  }

  /** Adds all ids of {@code other}. */
  void addAll(IdSet other) {
    for (int i = 0; i < other.pages.length; i++) {
      if (other.pages[i] != null) {
        addMissing((long) i << PAGE_SHIFT, other.pages[i], i < pages.length ? pages[i] : null);
      }
    }
  }
}
