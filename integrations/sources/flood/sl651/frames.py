"""One frame: 7E7E, addresses, password, function, length, text, end, CRC (SL 651-2014, 6.5)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations.sources.flood.sl651.crc import crc16
from integrations.sources.kind import Unreadable

SOH = b"\x7e\x7e"
STX, ETX, EOT, ENQ, ACK, NAK, SYN, ETB, ESC = 2, 3, 4, 5, 6, 0x15, 0x16, 0x17, 0x1B
UP, DOWN = 0, 8
# Up to the byte that begins the text: its place, and what may stand there.
HEADER = 13
STARTS = {STX, SYN}
ENDS = {ETX, ETB, ENQ, EOT, ACK, NAK, ESC}
# Bytes around the text: header, its first byte, the end byte, the CRC.
AROUND = HEADER + 4
MAX_TEXT = 0xFFF
MAX_FRAME = AROUND + MAX_TEXT
LINK_KEEPING = 0x2F


class BadFrame(Unreadable):
    """Bytes that are no whole frame; the text says why."""


@dataclass(frozen=True)
class Frame:
    """A frame with a good CRC.

    `address` are the station's five bytes, `station` its code; `text` is what stands between the
    start and the end byte, without the three bytes that number a packet.
    """

    raw: bytes
    down: bool
    centre: int
    address: bytes
    password: bytes
    function: int
    start: int
    end: int
    packets: int
    packet: int
    text: bytes

    @property
    def station(self):
        """The station's code. Raises BadFrame."""
        return station_code(self.address)


def size(head):
    """The bytes of the frame that begins with `head` (at least HEADER + 1 bytes of it), or None
    when no frame begins so."""
    direction, length = head[11] >> 4, (head[11] & 0xF) << 8 | head[12]
    plausible = head[:2] == SOH and direction in (UP, DOWN) and head[HEADER] in STARTS
    return AROUND + length if plausible else None


def parse(raw):
    """The Frame that these bytes are. Raises BadFrame."""
    whole = size(raw) if len(raw) > HEADER else None
    if whole is None:
        raise BadFrame(_("帧头不符合 SL 651-2014。"))
    if len(raw) != whole:
        raise BadFrame(
            _("帧不完整：应有 %(whole)d 字节，实有 %(given)d 字节。")
            % {"whole": whole, "given": len(raw)}
        )
    if crc16(raw[:-2]) != raw[-2:]:
        raise BadFrame(_("CRC 校验不符。"))
    start, end, text = raw[HEADER], raw[-3], raw[HEADER + 1 : -3]
    if end not in ENDS:
        raise BadFrame(_("帧尾控制字符 %(end)02X 不符合规约。") % {"end": end})
    packets = packet = 1
    if start == SYN:
        if len(text) < 3:
            raise BadFrame(_("多包报文缺少包序号。"))
        packets, packet = text[0] << 4 | text[1] >> 4, (text[1] & 0xF) << 8 | text[2]
        text = text[3:]
        if not 1 <= packet <= packets:
            raise BadFrame(
                _("多包报文的包序号 %(packet)d/%(packets)d 有误。")
                % {"packet": packet, "packets": packets}
            )
    down = raw[11] >> 4 == DOWN
    centre, address = (raw[7], raw[2:7]) if down else (raw[2], raw[3:8])
    return Frame(
        raw=raw,
        down=down,
        centre=centre,
        address=address,
        password=raw[8:10],
        function=raw[10],
        start=start,
        end=end,
        packets=packets,
        packet=packet,
        text=text,
    )


def bcd(content):
    """The decimal digits of BCD bytes, as text. Raises BadFrame for a digit over 9."""
    digits = content.hex()
    if not digits.isdecimal():
        raise BadFrame(_("%(digits)s 不是 BCD 码。") % {"digits": digits.upper()})
    return digits


def station_code(address):
    """The code of a station by its five bytes.

    With a first byte of 0 they are the eight digits of a hydrological station; else six digits of
    the division (GB/T 2260) and a number of two binary bytes, here five digits. Raises BadFrame.
    """
    if address[0] == 0:
        return bcd(address[1:])
    return f"{bcd(address[:3])}{int.from_bytes(address[3:], 'big'):05d}"
