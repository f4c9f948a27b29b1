"""CRC-16/Modbus, sent high byte first."""

POLYNOMIAL = 0xA001


def _row(byte):
    for _bit in range(8):
        byte = byte >> 1 ^ POLYNOMIAL if byte & 1 else byte >> 1
    return byte


TABLE = tuple(map(_row, range(256)))


def crc16(content):
    """The two bytes of the checksum of `content`."""
    value = 0xFFFF
    for byte in content:
        value = value >> 8 ^ TABLE[(value ^ byte) & 0xFF]
    return value.to_bytes(2, "big")
