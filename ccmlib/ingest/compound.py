"""Streams of a compound file, the container of Office files before 2007 (MS-CFB)."""

import struct

_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_ENTRY = 128


def streams(content: bytes) -> dict[str, bytes]:
    """Read all streams and name all storages of a compound file.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    dict of str to bytes
        Content by name; a storage (folder) has none.

    Raises
    ------
    ValueError
        The file is damaged or truncated.
    """
    try:
        return _Reader(content).streams()
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError("damaged compound file") from error


class _Reader:
    """Follows the chains of sectors; every chain is bounded by the number of sectors in the file."""

    def __init__(self, content: bytes):
        self.content = content
        self.size = 1 << struct.unpack_from("<H", content, 30)[0]
        self.mini_size = 1 << struct.unpack_from("<H", content, 32)[0]
        if self.size not in (512, 4096) or self.mini_size != 64:
            raise ValueError("unknown sector size")
        self.directory_start = struct.unpack_from("<I", content, 48)[0]
        self.cutoff, mini_start, _, more_start, more = struct.unpack_from("<IIIII", content, 56)
        fat_sectors = [sector for sector in struct.unpack_from("<109I", content, 76) if sector < _END]
        for _ in range(more):
            *sectors, more_start = struct.unpack(f"<{self.size // 4}I", self._sector(more_start))
            fat_sectors.extend(sector for sector in sectors if sector < _END)
        self.fat = [entry for sector in fat_sectors for entry in self._numbers(self._sector(sector))]
        mini_fat = b"".join(self._sector(sector) for sector in self._chain(mini_start, self.fat))
        self.mini_fat = self._numbers(mini_fat)

    def streams(self) -> dict[str, bytes]:
        directory = b"".join(self._sector(sector) for sector in self._chain(self.directory_start, self.fat))
        entries = [directory[at : at + _ENTRY] for at in range(0, len(directory), _ENTRY)]
        root_start, root_length = struct.unpack_from("<II", entries[0], 116)
        small = self._stream(root_start, root_length)
        found = {}
        for entry in entries[1:]:
            length_of_name, kind = struct.unpack_from("<HB", entry, 64)
            if kind not in (1, 2):
                continue
            name = entry[: max(length_of_name - 2, 0)].decode("utf-16-le")
            start, length = struct.unpack_from("<II", entry, 116)
            if kind == 1:
                found[name] = b""
            elif length >= self.cutoff:
                found[name] = self._stream(start, length)
            else:
                pieces = (small[at * 64 : at * 64 + 64] for at in self._chain(start, self.mini_fat))
                found[name] = b"".join(pieces)[:length]
        return found

    def _stream(self, start: int, length: int) -> bytes:
        stream = b"".join(self._sector(sector) for sector in self._chain(start, self.fat))
        if len(stream) < length:
            raise ValueError("truncated stream")
        return stream[:length]

    def _chain(self, sector: int, table: list[int]) -> list[int]:
        chain = []
        while sector < _END:
            chain.append(sector)
            if len(chain) > len(table):
                raise ValueError("endless chain of sectors")
            sector = table[sector]
        return chain

    def _sector(self, number: int) -> bytes:
        sector = self.content[(number + 1) * self.size : (number + 2) * self.size]
        if not sector:
            raise ValueError("sector beyond the end of the file")
        # The last sector of a file may be cut short by the program that wrote it.
        return sector.ljust(self.size, b"\0")

    def _numbers(self, content: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))
