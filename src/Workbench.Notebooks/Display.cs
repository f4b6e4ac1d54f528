using Workbench.Distributed.Launch;
using Workbench.Notebooks.Kernel;
using Workbench.Notebooks.Kernel.Formatting;

namespace Workbench.Notebooks;

/// <summary>Shows values in the output of the cell that runs. Works in cells only. Thread-safe.</summary>
public static class Display
{
    /// <summary>Shows <paramref name="value"/>; the handle replaces it in place later.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeTypes">The forms to show it in, by default all that suit it. A text is taken as the content of the form.</param>
    /// <exception cref="ArgumentException">The value has no such form; names those it has.</exception>
    /// <exception cref="InvalidOperationException">No kernel runs in this process.</exception>
    public static DisplayHandle Show(object? value, params string[] mimeTypes) => Publish(OutputFormatter.Format(value, mimeTypes), mimeTypes);

    /// <summary>Shows <paramref name="content"/> as <paramref name="mimeType"/>.</summary>
    public static DisplayHandle As(string mimeType, string content) => Show(MimeBundle.Of(mimeType, content, content));

    /// <summary>Shows HTML. Reports show it inside a sandboxed frame.</summary>
    public static DisplayHandle Html(string html) => As("text/html", html);

    /// <summary>Shows Markdown.</summary>
    public static DisplayHandle Markdown(string markdown) => As("text/markdown", markdown);

    /// <summary>Shows a formula in LaTeX, with its dollar signs.</summary>
    public static DisplayHandle Latex(string latex) => As("text/latex", latex);

    /// <summary>Shows an SVG image.</summary>
    /// <param name="svg">An svg element; it names its namespace, http://www.w3.org/2000/svg.</param>
    public static DisplayHandle Svg(string svg) => As("image/svg+xml", svg);

    /// <summary>Shows a PNG, JPEG, GIF, WebP or SVG image from a file.</summary>
    /// <exception cref="ArgumentException">The file is no such image.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static DisplayHandle Image(string path) => Image(File.ReadAllBytes(path), null, $"'{path}'");

    /// <summary>Shows a PNG, JPEG, GIF, WebP or SVG image.</summary>
    /// <param name="bytes">The content of an image file.</param>
    /// <param name="mimeType">What it is; by default found by its first bytes.</param>
    /// <exception cref="ArgumentException">The bytes are no such image, and <paramref name="mimeType"/> does not say what they are.</exception>
    public static DisplayHandle Image(byte[] bytes, string? mimeType = null) => Image(bytes, mimeType, $"The array of {bytes.Length} bytes");

    /// <summary>Shows a table of rows: a DataFrame, a DataTable, a sequence of records, tuples or dictionaries.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="maximumRows">Most rows that travel to the front end, 1 to 100,000; the caption tells how many there are.</param>
    /// <exception cref="ArgumentException">The value has no rows.</exception>
    public static DisplayHandle Table(object rows, int maximumRows = ShownTable.MaximumRows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumRows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumRows, 100_000);
        return Show(OutputFormatter.TryFormatTable(rows, maximumRows)
            ?? throw new ArgumentException($"{TypeName.Of(rows.GetType())} has no rows. Give a DataFrame, a DataTable, or a sequence of records, tuples or dictionaries.", nameof(rows)));
    }

    /// <summary>Shows a chart; <see cref="DisplayHandle.Update"/> with another figure redraws it in place.</summary>
    /// <param name="figure">A figure of Workbench.Charts or a chart of Plotly.NET.</param>
    /// <exception cref="ArgumentException">The value is no figure.</exception>
    public static DisplayHandle Chart(object figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return FigureFormatter.Handles(figure.GetType()) ? Show(figure)
            : throw new ArgumentException($"{TypeName.Of(figure.GetType())} is no figure. Give a PlotlyFigure, such as Chart.Line(...) makes, or a chart of Plotly.NET.", nameof(figure));
    }

    /// <summary>Shows a line chart that grows with <see cref="LiveChart.Add"/>.</summary>
    /// <param name="title">Title.</param>
    /// <param name="xAxis">What the x axis shows, with its unit.</param>
    /// <param name="yAxis">What the y axis shows, with its unit.</param>
    /// <param name="series">Names of the lines; at least one.</param>
    public static LiveChart LiveChart(string title, string xAxis, string yAxis, params string[] series) => new(title, xAxis, yAxis, series, TimeProvider.System);

    /// <summary>The progress of a training as a bar and live loss curves: hand it to the trainer.</summary>
    public static TrainingDisplay Training(string title = "Training") => new(title, TimeProvider.System);

    /// <summary>A job of several ranks while it runs: losses, samples a second, a row a rank, restarts. Hand it to a <see cref="JobSupervisor"/>; <see cref="Notebooks.Job"/> does so by itself.</summary>
    public static JobDisplay Job(string title = "Job") => new(title, TimeProvider.System);

    /// <summary>Shows a progress bar that moves in place.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">The value at which it is done; above 0.</param>
    public static ProgressDisplay Progress(string title, double total) => new(title, total, TimeProvider.System);

    /// <summary>Goes through <paramref name="items"/> with a bar that moves with every one: <c>foreach (var x in Display.Progress(items, "Reading"))</c>.</summary>
    public static IEnumerable<T> Progress<T>(IEnumerable<T> items, string title = "") => ProgressDisplay.Follow(items, title, TimeProvider.System);

    /// <summary>
    /// Shows key figures, and hands them on to whoever runs the notebook: a run's results are read from here.
    /// </summary>
    /// <param name="figures">An object whose properties are the figures, such as <c>new { Auc = 0.91, Rows = 1200 }</c>, or a dictionary. Values are numbers, texts, booleans, times or null.</param>
    /// <exception cref="ArgumentException">There is no figure, or a value is none of these.</exception>
    public static DisplayHandle Figures(object figures) => Show(KeyFigures.Format(KeyFigures.Read(figures)));

    /// <inheritdoc cref="Figures(object)"/>
    public static DisplayHandle Figures(params (string Name, object? Value)[] figures) => Show(KeyFigures.Format(figures));

    /// <summary>Removes the outputs of this cell.</summary>
    /// <param name="wait">Whether to wait for the next output, so that nothing flickers.</param>
    public static void Clear(bool wait = false) =>
        KernelSession.Current.Output.Publish("clear_output", new() { ["wait"] = wait });

    private static DisplayHandle Image(byte[] bytes, string? mimeType, string source)
    {
        var type = mimeType ?? ImageFormat.Detect(bytes)
            ?? throw new ArgumentException($"{source} is no PNG, JPEG, GIF, WebP or SVG image. Convert it, or say what it is with mimeType.");
        return Show(ImageFormat.Bundle(type, bytes, type));
    }

    private static DisplayHandle Publish(MimeBundle bundle, IReadOnlyList<string> mimeTypes)
    {
        var handle = new DisplayHandle(Guid.NewGuid().ToString("N"), mimeTypes);
        KernelSession.Current.Output.Display(bundle, handle.Id, update: false);
        return handle;
    }
}
