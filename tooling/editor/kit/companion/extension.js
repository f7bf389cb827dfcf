const vscode = require("vscode");

exports.activate = async () => {
  const commands = JSON.parse(process.env.ROCKPOOL_EDITOR_COMMANDS ?? "[]");
  for (const command of commands) await vscode.commands.executeCommand(command);
};
