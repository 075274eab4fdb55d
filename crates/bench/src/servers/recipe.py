"""A sinkhole as people build it: an event loop that writes to MySQL, a commit per row."""

import asyncio
import socket
import sys

import pymysql

IP_TRANSPARENT = 19
SO_MARK = 36
ANSWER_MARK = 0x1517  # what the rules let out to the victim

TABLES = """
CREATE TABLE connection_log (
    src_addr_v4 INT UNSIGNED NOT NULL, sport SMALLINT UNSIGNED NOT NULL,
    dport SMALLINT UNSIGNED NOT NULL, protocol TINYINT UNSIGNED NOT NULL,
    established_time DATETIME(6) NOT NULL);
CREATE TABLE sinkhole_data (
    src_addr_v4 INT UNSIGNED NOT NULL, sport SMALLINT UNSIGNED NOT NULL,
    protocol TINYINT UNSIGNED NOT NULL, received_time DATETIME(6) NOT NULL,
    received_data LONGBLOB NOT NULL)
"""


class Sinkhole(asyncio.Protocol):
    def __init__(self, database):
        self.database = database

    def connection_made(self, transport):
        self.address, self.port = transport.get_extra_info("peername")
        meant = transport.get_extra_info("sockname")[1]
        self.store("INSERT INTO connection_log VALUES (INET_ATON(%s), %s, %s, 1, NOW(6))",
                   self.address, self.port, meant)

    def data_received(self, data):
        self.store("INSERT INTO sinkhole_data VALUES (INET_ATON(%s), %s, 1, NOW(6), %s)",
                   self.address, self.port, data)

    def store(self, insert, *row):
        with self.database.cursor() as cursor:
            cursor.execute(insert, row)
        self.database.commit()


def connect(path):
    database = pymysql.connect(unix_socket=path, user="root")
    with database.cursor() as cursor:
        cursor.execute("CREATE DATABASE sinkhole")
        cursor.execute("USE sinkhole")
        for table in TABLES.split(";"):
            cursor.execute(table)
    return database


def listen(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
    listener.setsockopt(socket.SOL_SOCKET, SO_MARK, ANSWER_MARK)
    listener.bind(("0.0.0.0", port))
    return listener


async def main(path, port):
    database = connect(path)
    server = await asyncio.get_running_loop().create_server(
        lambda: Sinkhole(database), sock=listen(int(port)), backlog=65535)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
