/** Text fields of a multipart/form-data body, which clients use for parameters too long for an address. */
import { EngineException } from "./exception.ts";

/** Name and value of each part. Throws EngineException when the body is not what its header says. */
export function multipartFields(body: string, contentType: string): [name: string, value: string][] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw new EngineException(36, "BAD_ARGUMENTS", "The form data names no boundary.");
  // Parts are separated by the boundary on a line of its own; a first line break makes the first one alike.
  const parts = `\r\n${body}`.split(`\r\n--${mark}`).slice(1);
  if (!parts.at(-1)?.startsWith("--"))
    throw new EngineException(36, "BAD_ARGUMENTS", "The form data ends too early.");
  return parts.slice(0, -1).map((part) => {
    const gap = part.indexOf("\r\n\r\n");
    const name = /\bname="([^"]*)"/i.exec(part.slice(0, gap))?.[1];
    if (gap < 0 || name === undefined)
      throw new EngineException(36, "BAD_ARGUMENTS", "A part of the form data has no name.");
    return [name, part.slice(gap + 4)];
  });
}
