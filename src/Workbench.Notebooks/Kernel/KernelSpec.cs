using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Notebooks.Kernel;

/// <summary>A kernel as Jupyter front ends find it: a folder with a <c>kernel.json</c> that says how to start it.</summary>
/// <param name="Name">Folder name, as notebooks name it.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Language">Language of its cells.</param>
/// <param name="Command">Program and arguments; one argument holds <c>{connection_file}</c>.</param>
/// <param name="Environment">Variables set for the kernel.</param>
public sealed record KernelSpec(string Name, string DisplayName, string Language, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>How to interrupt it: <c>signal</c>, the protocol's default, or <c>message</c>.</summary>
    public string InterruptMode { get; init; } = "signal";

    /// <summary>Name of our own kernel.</summary>
    public const string WorkbenchName = "workbench-csharp";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where Jupyter looks for this user's kernels.</summary>
    public static string UserDirectory => Path.Combine(DataDirectory, "kernels");

    private static string DataDirectory
    {
        get
        {
            if (Variable("JUPYTER_DATA_DIR") is { } named)
                return named;
            var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
            if (OperatingSystem.IsWindows())
                return Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.ApplicationData), "jupyter");
            return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter") : Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter");
        }
    }

    /// <summary>Writes <c>workbench-csharp/kernel.json</c> and returns its path.</summary>
    /// <param name="command">Program and arguments, one of them holding <c>{connection_file}</c>.</param>
    /// <param name="directory">A <c>kernels</c> folder; by default <see cref="UserDirectory"/>.</param>
    /// <exception cref="ArgumentException">No argument holds <c>{connection_file}</c>.</exception>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static string Install(IReadOnlyList<string> command, string? directory = null)
    {
        if (!command.Any(argument => argument.Contains("{connection_file}", StringComparison.Ordinal)))
            throw new ArgumentException($"The command '{string.Join(' ', command)}' has no argument '{{connection_file}}', so the kernel would not learn where to listen.", nameof(command));
        var folder = Path.Combine(directory ?? UserDirectory, WorkbenchName);
        var json = new JsonObject
        {
            ["argv"] = new JsonArray(command.Select(argument => (JsonNode?)argument).ToArray()),
            ["display_name"] = "Workbench (C#)",
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { ["debugger"] = false },
        };
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, "kernel.json");
            File.WriteAllText(path, json.ToJsonString(Layout) + "\n");
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot install the kernel in '{folder}': {failure.Message} Name a writable folder.", failure) { Origin = folder };
        }
    }

    /// <summary>Removes our kernel; returns whether it was installed.</summary>
    /// <param name="directory">A <c>kernels</c> folder; by default <see cref="UserDirectory"/>.</param>
    public static bool Uninstall(string? directory = null)
    {
        var folder = Path.Combine(directory ?? UserDirectory, WorkbenchName);
        if (!Directory.Exists(folder))
            return false;
        Directory.Delete(folder, recursive: true);
        return true;
    }

    /// <summary>The installed kernel called <paramref name="name"/>.</summary>
    /// <exception cref="DataException">No such kernel is installed; the message lists the installed ones.</exception>
    public static KernelSpec Find(string name)
    {
        var installed = SearchPath().Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Select(folder => (Name: Path.GetFileName(folder), File: Path.Combine(folder, "kernel.json"))).Where(kernel => File.Exists(kernel.File)).ToList();
        var found = installed.Find(kernel => string.Equals(kernel.Name, name, StringComparison.OrdinalIgnoreCase));
        if (found.File is not null)
            return Read(found.Name, found.File);
        var known = installed.Count == 0 ? "none" : string.Join(", ", installed.Select(kernel => kernel.Name).Distinct().Order(StringComparer.Ordinal));
        throw new DataException($"No Jupyter kernel '{name}' is installed. Installed: {known}. 'workbench kernel install' installs '{WorkbenchName}'.");
    }

    private static KernelSpec Read(string name, string file)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(file)) ?? throw new JsonException("The file is empty.");
            var command = json["argv"]?.AsArray().Select(argument => argument?.ToString() ?? "").ToList() ?? throw new JsonException("It has no 'argv'.");
            var environment = (json["env"] as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "");
            return new(name, json["display_name"]?.ToString() ?? name, json["language"]?.ToString() ?? "", command, environment) { InterruptMode = json["interrupt_mode"]?.ToString() ?? "signal" };
        }
        catch (Exception failure) when (failure is JsonException or IOException or InvalidOperationException)
        {
            throw new DataException($"Kernel '{name}' is damaged: '{file}': {failure.Message} Install it again.", failure) { Origin = file };
        }
    }

    // jupyter --paths: JUPYTER_PATH, the user's folder, then the system's.
    private static IEnumerable<string> SearchPath()
    {
        var named = (Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] system = OperatingSystem.IsWindows()
            ? [Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.CommonApplicationData), "jupyter")]
            : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
        return named.Append(DataDirectory).Concat(system).Select(folder => Path.Combine(folder, "kernels"));
    }

    private static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
