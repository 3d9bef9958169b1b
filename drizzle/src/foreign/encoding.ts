import { AppError } from '@bailiwick/kernel/errors';

/** PostgreSQL's names of the encodings whose every ASCII byte is the ASCII character, as `TextDecoder` calls them. */
const labels: Readonly<Record<string, string>> = {
  UTF8: 'utf-8',
  SQLASCII: 'utf-8',
  LATIN2: 'iso-8859-2',
  LATIN3: 'iso-8859-3',
  LATIN4: 'iso-8859-4',
  LATIN5: 'windows-1254',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  ISO88595: 'iso-8859-5',
  ISO88596: 'iso-8859-6',
  ISO88597: 'iso-8859-7',
  ISO88598: 'iso-8859-8',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
  ...Object.fromEntries(
    ['1250', '1251', '1252', '1253', '1254', '1255', '1256', '1257', '1258'].map((n) => [`WIN${n}`, `windows-${n}`]),
  ),
};

const aliases: Readonly<Record<string, string>> = {
  UNICODE: 'UTF8',
  ISO88591: 'LATIN1',
  ISO885915: 'LATIN9',
  WINDOWS1252: 'WIN1252',
};

export interface Encoding {
  /** As PostgreSQL writes it in `COPY … ENCODING`. */
  readonly name: string;
  /** A text with one byte a character becomes the text that was meant. Undefined when it is not of this encoding. */
  decode(bytes: string): string | undefined;
}

/**
 * @param name as it stands in `SET client_encoding`.
 * @throws DUMP_REFUSED for an encoding that can't be cut byte by byte.
 */
export function encodingOf(name: string): Encoding {
  const plain = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  const known = aliases[plain] ?? plain;
  if (known === 'LATIN1') return { name: 'LATIN1', decode: (bytes) => bytes };
  const label = labels[known];
  if (!label) {
    throw new AppError('DUMP_REFUSED', `The dump is encoded in ${name}, which is not read here.`, {
      hint: 'Dump it again with pg_dump --encoding=UTF8, or convert the file with iconv and change the line SET client_encoding in it.',
    });
  }
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  return {
    name: label === 'utf-8' ? 'UTF8' : known,
    decode(bytes) {
      if (!/[\x80-\xff]/.test(bytes)) return bytes;
      try {
        return decoder.decode(Buffer.from(bytes, 'latin1'));
      } catch {
        return undefined;
      }
    },
  };
}
