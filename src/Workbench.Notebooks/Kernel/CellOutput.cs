using System.Text;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel;

/// <summary>
/// Publishes what a cell prints and shows. Text is gathered for a moment, so that a loop of prints is a few messages,
/// and always goes out before anything that follows it. Thread-safe.
/// </summary>
internal sealed class CellOutput(Action<string, JsonObject, JupyterMessage?, JsonObject?> publish) : IDisposable
{
    private readonly List<StreamBuffer> _streams = [];
    private readonly List<NativeOutput> _native = [];

    /// <summary>The request that outputs belong to; stays set after the cell, for prints from background work.</summary>
    public JupyterMessage? Parent { get; private set; }

    /// <summary>Redirects the console of this process, and what native code writes beside it, into the cell that runs.</summary>
    public void CaptureConsole()
    {
        Capture("stdout", 1, Console.Out, Console.SetOut);
        Capture("stderr", 2, Console.Error, Console.SetError);
    }

    /// <summary>Says something on the cell's standard error, from any thread.</summary>
    public void Report(string text)
    {
        foreach (var stream in _streams)
            stream.Flush();
        publish("stream", new() { ["name"] = "stderr", ["text"] = text }, Parent, null);
    }

    public void Begin(JupyterMessage parent)
    {
        Flush();
        Parent = parent;
    }

    /// <summary>Publishes everything that waits: text, and the last state of displays that change often.</summary>
    public void Flush()
    {
        LiveDisplay.Flush();
        FlushStreams();
        foreach (var stream in _native)
            stream.Drain();
    }

    /// <summary>Gives the process its streams back.</summary>
    public void Dispose()
    {
        Flush();
        foreach (var stream in _native)
            stream.Dispose();
    }

    public void Publish(string type, JsonObject content)
    {
        FlushStreams();
        publish(type, content, Parent, null);
    }

    public void Display(MimeBundle bundle, string? displayId, bool update) => Publish(update ? "update_display_data" : "display_data", new()
    {
        ["data"] = bundle.Data.DeepClone(),
        ["metadata"] = new JsonObject(),
        ["transient"] = displayId is null ? new JsonObject() : new JsonObject { ["display_id"] = displayId },
    });

    private void FlushStreams()
    {
        foreach (var stream in _streams)
            stream.Flush();
    }

    private void Capture(string name, int descriptor, TextWriter original, Action<TextWriter> replace)
    {
        var stream = new StreamBuffer(text =>
        {
            if (Parent is null)
                original.Write(text);
            else
                publish("stream", new() { ["name"] = name, ["text"] = text }, Parent, null);
        });
        _streams.Add(stream);
        replace(stream);
        var native = NativeOutput.Capture(descriptor, echo: name == "stderr", text =>
        {
            stream.Write(text);
            stream.Flush();
        });
        if (native is not null)
            _native.Add(native);
    }

    private sealed class StreamBuffer : TextWriter
    {
        private const int MaximumLength = 8192;
        private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

        private readonly StringBuilder _text = new();
        private readonly Lock _lock = new();
        private readonly Action<string> _send;
        private readonly Timer _timer;

        public StreamBuffer(Action<string> send)
        {
            _send = send;
            _timer = new(_ => Flush());
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Write(string? value)
        {
            if (string.IsNullOrEmpty(value))
                return;
            lock (_lock)
            {
                if (_text.Length == 0)
                    _timer.Change(Delay, Timeout.InfiniteTimeSpan);
                _text.Append(value);
                if (_text.Length >= MaximumLength)
                    Flush();
            }
        }

        public override void Flush()
        {
            lock (_lock) // sent under the lock, so that two flushes keep their order
            {
                if (_text.Length == 0)
                    return;
                var text = _text.ToString();
                _text.Clear();
                _send(text);
            }
        }

        protected override void Dispose(bool disposing)
        {
            Flush();
            _timer.Dispose();
            base.Dispose(disposing);
        }
    }
}
