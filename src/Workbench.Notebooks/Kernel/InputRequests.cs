using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel;

/// <summary>Asks the person at the front end for a line of text.</summary>
internal sealed class InputRequests(Action<JupyterMessage, JsonObject> send)
{
    private readonly BlockingCollection<JupyterMessage> _replies = [];

    public void Receive(JupyterMessage reply) => _replies.Add(reply);

    /// <summary>Waits for the answer to <paramref name="prompt"/>.</summary>
    /// <exception cref="InvalidOperationException">Nobody can answer: the notebook runs headless.</exception>
    public string Ask(JupyterMessage? cell, string prompt, bool isPassword, CancellationToken cancellationToken)
    {
        if (cell is null || !cell.Flag("allow_stdin", otherwise: false))
            throw new InvalidOperationException($"The cell asks for input ('{prompt}'), and nobody can answer: this run takes none. Declare the value in the cell tagged 'parameters' and pass it instead.");
        while (_replies.TryTake(out _))
        {
            // An answer to an earlier question that was interrupted.
        }
        send(cell, new() { ["prompt"] = prompt, ["password"] = isPassword });
        return _replies.Take(cancellationToken).Text("value") ?? "";
    }

    /// <summary>Makes <see cref="Console.ReadLine"/> and <see cref="Console.Read"/> ask as well.</summary>
    public sealed class ConsoleReader(Func<string> ask) : TextReader
    {
        private string _line = "";
        private int _position;

        public override string ReadLine()
        {
            if (_position >= _line.Length)
                return ask();
            var rest = _line[_position..].TrimEnd('\n');
            _position = _line.Length;
            return rest;
        }

        public override int Peek() => _position < _line.Length ? _line[_position] : -1;

        public override int Read()
        {
            if (_position >= _line.Length)
                (_line, _position) = (ask() + "\n", 0);
            return _line[_position++];
        }
    }
}
