using System.Diagnostics;

namespace Workbench.Core.Tests.Reports;

/// <summary>Debian's Chromium, headless and without a network.</summary>
internal static class Browser
{
    private const string Path = "/usr/bin/chromium";

    public static bool IsInstalled => File.Exists(Path);
    public const string Remedy = "chromium is not installed; apt-get install chromium.";

    /// <summary>The document after its scripts ran; <paramref name="fragment"/> is what follows the address, such as #part.</summary>
    public static Task<string> DumpAsync(string file, CancellationToken cancellationToken, string fragment = "") => RunAsync(new Uri(file).AbsoluteUri + fragment, ["--dump-dom"], cancellationToken);

    /// <summary>A picture of the page.</summary>
    public static Task ScreenshotAsync(string file, string picture, int width, int height, CancellationToken cancellationToken) =>
        RunAsync(new Uri(file).AbsoluteUri, [$"--screenshot={picture}", $"--window-size={width},{height}"], cancellationToken);

    private static async Task<string> RunAsync(string address, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var profile = Directory.CreateTempSubdirectory("workbench-chromium-");
        try
        {
            var start = new ProcessStartInfo(Path)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            // A proxy that is not there: whatever the page tried to fetch would fail.
            string[] fixedArguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9", "--enable-logging=stderr",
                $"--user-data-dir={profile.FullName}", "--virtual-time-budget=20000",
            ];
            foreach (string argument in fixedArguments.Concat(arguments).Append(address))
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            string console = string.Join('\n', (await errors).Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal)));
            Assert.True(console.Length == 0, console);
            return output;
        }
        finally
        {
            profile.Delete(true);
        }
    }
}
