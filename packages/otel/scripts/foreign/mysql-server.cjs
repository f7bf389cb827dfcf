// Plays a MySQL server far enough for a pool to connect and to quit.
const { createServer } = require("mysql2");

const server = createServer();
server.on("connection", (connection) => {
  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: "8.4.0",
    connectionId: 1,
    statusFlags: 2,
    characterSet: 8,
    capabilityFlags: 0xffffff ^ 0x800,
    authCallback: (_, accept) => accept(null, null),
  });
  connection.on("error", () => {});
  connection.on("quit", () => connection.close());
});
server.listen(0, "127.0.0.1", () => console.log(server._server.address().port));
