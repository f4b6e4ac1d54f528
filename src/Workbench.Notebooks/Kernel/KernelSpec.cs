using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Data;

namespace Workbench.Notebooks.Kernel;

/// <summary>A kernel as Jupyter front ends find it: a folder with a <c>kernel.json</c> that says how to start it.</summary>
/// <param name="Name">Folder name, as notebooks name it.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Language">Language of its cells.</param>
/// <param name="Command">Program and arguments; one argument holds <c>{connection_file}</c>.</param>
/// <param name="Environment">Variables set for the kernel.</param>
public sealed partial record KernelSpec(string Name, string DisplayName, string Language, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Whether an interrupt is the signal SIGINT, and not a message.</summary>
    public bool InterruptsBySignal { get; init; }

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
            ["env"] = new JsonObject(KernelProcess.Environment.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
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

    /// <summary>The installed kernel called <paramref name="name"/>, in upper or lower case.</summary>
    /// <exception cref="DataException">No such kernel is installed; the message names the nearest and lists the installed ones.</exception>
    public static KernelSpec Find(string name)
    {
        if (TryFind(name) is { } found)
            return found;
        var known = Installed().Select(kernel => kernel.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        throw new DataException($"No Jupyter kernel '{name}' is installed.{Suggestion.DidYouMean(name, known)} Installed: {(known.Count == 0 ? "none" : string.Join(", ", known))}. 'workbench kernel install' installs '{WorkbenchName}'.") { Value = name };
    }

    /// <summary>The installed kernel called <paramref name="name"/>, in upper or lower case, or null.</summary>
    /// <exception cref="DataException">It is installed, but its <c>kernel.json</c> cannot be read.</exception>
    internal static KernelSpec? TryFind(string name)
    {
        var found = Installed().FirstOrDefault(kernel => string.Equals(kernel.Name, name, StringComparison.OrdinalIgnoreCase));
        return found.Folder is null ? null : Read(found.Name, found.Folder);
    }

    private static IEnumerable<(string Name, string Folder)> Installed() =>
        SearchPath().Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Where(folder => File.Exists(Path.Combine(folder, "kernel.json"))).Select(folder => (Path.GetFileName(folder), folder));

    private static KernelSpec Read(string name, string folder)
    {
        var file = Path.Combine(folder, "kernel.json");
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(file)) ?? throw new JsonException("The file is empty.");
            var words = json["argv"]?.AsArray().Select(word => word?.ToString() ?? "").ToList() ?? throw new JsonException("It has no 'argv'.");
            if (!words.Any(word => word.Contains("{connection_file}", StringComparison.Ordinal)))
                throw new JsonException("Its 'argv' has no '{connection_file}'.");
            var command = words.Select(word => word.Replace("{resource_dir}", folder, StringComparison.Ordinal)).ToList();
            command[0] = Program(command[0], folder);
            var environment = (json["env"] as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => Expand(pair.Value?.ToString() ?? ""));
            return new(name, json["display_name"]?.ToString() ?? name, json["language"]?.ToString() ?? "", command, environment)
            {
                InterruptsBySignal = json["interrupt_mode"]?.ToString() != "message",
            };
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new DataException($"Kernel '{name}' is damaged: '{file}': {failure.Message} Install it again.", failure) { Origin = file };
        }
    }

    // Jupyter puts its own interpreter in place of a bare "python". PREFIX/share/jupyter/kernels/NAME belongs to PREFIX/bin; else the PATH decides.
    private static string Program(string program, string folder)
    {
        var own = Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "..", "bin", program));
        return program is "python" or "python3" && File.Exists(own) ? own : program;
    }

    // As Python's string.Template: $NAME and ${NAME} of the caller's environment, $$ for one $; what is not set stays as it stands.
    private static string Expand(string value) =>
        VariableReference().Replace(value, match => match.Value == "$$" ? "$" : System.Environment.GetEnvironmentVariable(match.Groups["name"].Value) ?? match.Value);

    [GeneratedRegex(@"\$\$|\$(?<name>[A-Za-z_]\w*)|\$\{(?<name>[A-Za-z_]\w*)\}")]
    private static partial Regex VariableReference();

    // jupyter --paths: JUPYTER_PATH, the active environment, the user's folder, then the system's.
    private static IEnumerable<string> SearchPath()
    {
        var named = (Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var environments = new[] { Variable("VIRTUAL_ENV"), Variable("CONDA_PREFIX") }.OfType<string>().Select(prefix => Path.Combine(prefix, "share", "jupyter"));
        string[] system = OperatingSystem.IsWindows()
            ? [Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.CommonApplicationData), "jupyter")]
            : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
        return [.. named.Concat(environments).Append(DataDirectory).Concat(system).Select(folder => Path.Combine(folder, "kernels")).Distinct()];
    }

    private static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
