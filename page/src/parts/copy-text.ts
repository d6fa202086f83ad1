/**
 * Copies the text of an element; tells whether it did. Where it did not, the text is left selected, for the reader to copy. To be
 * called in answer to a click: browsers let nothing else copy.
 */
export async function copyText(element: HTMLElement): Promise<boolean> {
  const text = element.textContent;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // There is no clipboard on plain http (but localhost), and where it is it may be refused.
    return copySelected(element, text);
  }
}

function copySelected(element: HTMLElement, text: string): boolean {
  const selection = getSelection();
  const before = selection?.rangeCount ? selection.getRangeAt(0) : undefined;
  selection?.selectAllChildren(element);
  const put = (event: ClipboardEvent): void => {
    // The text as it is, without what stands around it.
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', put, { capture: true });
  let isCopied = false;
  try {
    // It is deprecated, and the one way there is outside secure contexts.
    isCopied = document.execCommand('copy');
  } catch {
    // The same as a no.
  }
  document.removeEventListener('copy', put, { capture: true });
  if (isCopied) {
    selection?.removeAllRanges();
    if (before) selection?.addRange(before);
  }
  return isCopied;
}
