// Builds trees of elements and makes a live tree equal to a new one. Everything a member reports goes
// through text nodes and attributes, never through markup.

const SVG = 'http://www.w3.org/2000/svg';

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  return element;
}

/** An HTML element. */
export function h(tag, attributes, ...children) {
  return build(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s(tag, attributes, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * Makes the children of `parent` equal to `wanted`, keeping elements that stay the same kind, so that
 * focus, selection, scroll position and open details survive.
 */
export function show(parent, ...wanted) {
  const holder = document.createDocumentFragment();
  holder.append(...wanted.flat(Infinity).filter((child) => child instanceof Node));
  morphChildren(parent, holder);
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null;
}

function isSameKind(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function morphChildren(live, wanted) {
  const keyed = new Map();
  for (const child of live.childNodes) {
    const key = keyOf(child);
    if (key !== null) {
      keyed.set(key, child);
    }
  }
  let cursor = live.firstChild;
  for (const next of [...wanted.childNodes]) {
    const key = keyOf(next);
    const match = key === null ? cursor : keyed.get(key);
    if (match && isSameKind(match, next)) {
      if (match === cursor) {
        cursor = cursor.nextSibling;
      } else {
        live.insertBefore(match, cursor);
      }
      morph(match, next);
    } else {
      live.insertBefore(next, cursor);
    }
  }
  while (cursor) {
    const after = cursor.nextSibling;
    cursor.remove();
    cursor = after;
  }
}

function morph(live, wanted) {
  if (live.nodeType !== Node.ELEMENT_NODE) {
    if (live.nodeValue !== wanted.nodeValue) {
      live.nodeValue = wanted.nodeValue;
    }
    return;
  }
  for (const { name } of [...live.attributes]) {
    // The reader opens and closes details, not the renderer.
    if (!wanted.hasAttribute(name) && name !== 'open') {
      live.removeAttribute(name);
    }
  }
  for (const { name, value } of wanted.attributes) {
    if (live.getAttribute(name) !== value) {
      live.setAttribute(name, value);
    }
  }
  morphChildren(live, wanted);
}

/** An address that the application tells; null unless it leads to the web, such as to a script. */
export function webAddress(address) {
  return address && ['http:', 'https:'].includes(new URL(address, location.href).protocol) ? address : null;
}
