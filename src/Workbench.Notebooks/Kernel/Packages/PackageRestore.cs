using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>
/// Lets the .NET SDK restore a temporary project, as a project in the notebook's folder would be: with that folder's
/// NuGet.config. A set of fixed versions that was restored before is read from a cache.
/// </summary>
/// <param name="folder">A folder of this session alone.</param>
/// <param name="configurationFolder">Where the search for NuGet.config begins.</param>
/// <param name="cacheFolder">Keeps the results.</param>
internal sealed class PackageRestore(string folder, string configurationFolder, string cacheFolder)
{
    /// <summary>The content of project.assets.json.</summary>
    /// <exception cref="PackageException">There is no SDK, or NuGet reports errors.</exception>
    public string Run(IEnumerable<PackageReference> packages, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        var wanted = packages.OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase).ToList();
        var project = Project(wanted, sources);
        var cached = Path.Combine(cacheFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project))) + ".json");
        bool isFixed = wanted.TrueForAll(package => !PackageRange.IsFloating(package.VersionRange));
        if (isFixed && File.Exists(cached) && File.ReadAllText(cached) is var known && RestoredPackages.Parse(known).AreThere)
            return known;
        Write(project);
        Start(cancellationToken);
        var assets = File.ReadAllText(Path.Combine(folder, "obj", "project.assets.json"));
        if (isFixed)
            Data.AtomicFile.WriteAllText(cached, assets);
        return assets;
    }

    private string Project(List<PackageReference> packages, IReadOnlyList<string> sources) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net{Environment.Version.Major}.{Environment.Version.Minor}</TargetFramework>
            <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
            <SelfContained>false</SelfContained>
            <RestoreRootConfigDirectory>{Escape(configurationFolder)}</RestoreRootConfigDirectory>
            <RestoreAdditionalProjectSources>{Escape(string.Join(';', sources.Select(Absolute)))}</RestoreAdditionalProjectSources>
            <NuGetAudit>false</NuGetAudit>
          </PropertyGroup>
          <ItemGroup>
        {string.Join('\n', packages.Select(package => $"    <PackageReference Include=\"{Escape(package.Id)}\" Version=\"{Escape(package.VersionRange ?? "*")}\" />"))}
          </ItemGroup>
        </Project>
        """;

    private string Absolute(string source) => source.Contains("://", StringComparison.Ordinal) ? source : Path.GetFullPath(source, configurationFolder);

    private static string Escape(string text) => SecurityElement.Escape(text) ?? "";

    // The empty files keep what lies above the temporary folder out of this project.
    private void Write(string project)
    {
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(cacheFolder);
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            File.WriteAllText(Path.Combine(folder, name), "<Project />");
        File.WriteAllText(Path.Combine(folder, "packages.csproj"), project);
    }

    private void Start(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", ["restore", "--nologo", "-v", "quiet", "-p:MSBuildEnableWorkloadResolver=false"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Begin(start);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            process.WaitForExitAsync(cancellationToken).GetAwaiter().GetResult();
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ThreadInterruptedException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.ExitCode != 0)
            throw new PackageException($"The packages could not be restored:\n{Reasons(output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult())}");
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new PackageException("'dotnet restore' did not start.");
        }
        catch (Win32Exception failure)
        {
            throw new PackageException($"#r \"nuget:\" needs the .NET SDK, and the command 'dotnet' was not found ({failure.Message}). Install the SDK, or reference a file with #r \"path/to/it.dll\".");
        }
    }

    private static string Reasons(string output)
    {
        var lines = output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        var errors = lines.Where(line => line.Contains("error ", StringComparison.Ordinal)).Select(line => line[line.IndexOf("error ", StringComparison.Ordinal)..]).Select(line => line.Split(" [/")[0]).Distinct().ToList();
        return string.Join('\n', errors.Count > 0 ? errors : lines.TakeLast(20));
    }
}
