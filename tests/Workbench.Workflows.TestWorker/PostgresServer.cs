using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Workbench.Workflows;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, on 127.0.0.1 and a free port. It stops when it is disposed, and when
/// the process that started it dies.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Why no server can be started, for a test that skips.</summary>
    public const string Missing = "PostgreSQL's server programs (initdb, postgres) are not installed: Debian's package is postgresql.";

    private const string User = "workbench";
    private const string PasswordUsers = "password_users";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _command;
    private readonly string _folder;
    private readonly int _port;
    private Process _process;
    private int _databases;

    private PostgresServer(string command, string folder, int port) => (_command, _folder, _port, _process) = (command, folder, port, Start(command));

    /// <summary>Whether the server programs are installed.</summary>
    public static bool IsInstalled => FindPrograms() is not null;

    /// <summary>Starts a server. <paramref name="isDurable"/> lets it wait for the disk, as a server that people use does.</summary>
    /// <exception cref="InvalidOperationException">The server programs are missing or did not start; ends with their output.</exception>
    public static async Task<PostgresServer> StartAsync(bool isDurable = false)
    {
        var programs = FindPrograms() ?? throw new InvalidOperationException(Missing);
        var folder = Path.Combine(Path.GetTempPath(), $"postgres-{Guid.NewGuid():N}");
        await InitAsync(programs, folder);
        var port = FreePort();
        // Closing the input, which the death of this process does too, stops the server.
        var command = $"\"{programs}/postgres\" -D \"{folder}\" -p {port} -k '' -c listen_addresses=127.0.0.1 -c max_connections=300 "
            + $"-c fsync={(isDurable ? "on" : "off")} -c synchronous_commit={(isDurable ? "on" : "off")} & id=$!; read -r line; kill -INT $id; wait $id";
        var server = new PostgresServer(command, folder, port);
        try
        {
            await server.WaitUntilReadyAsync();
            await server.ExecuteAsync($"create role {PasswordUsers}", CancellationToken.None);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The text that opens a database of this server.</summary>
    public string ConnectionText(string database) => $"Host=127.0.0.1;Port={_port};Database={database};Username={User};Maximum Pool Size=40";

    /// <summary>Creates an empty database and returns its name.</summary>
    public Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default) => CreateDatabaseAsync(User, cancellationToken);

    /// <summary>Creates an empty database that belongs to a user, and returns its name.</summary>
    public async Task<string> CreateDatabaseAsync(string owner, CancellationToken cancellationToken = default)
    {
        var database = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"create database {database} owner {owner}", cancellationToken);
        return database;
    }

    /// <summary>Drops a database, whoever still uses it.</summary>
    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken = default) =>
        ExecuteAsync($"drop database {database} with (force)", cancellationToken);

    /// <summary>Adds a user who must give a password; <see cref="ConnectionText"/>'s own needs none.</summary>
    public async Task AddUserAsync(string name, string password, CancellationToken cancellationToken = default) =>
        await ExecuteAsync($"create user {name} password '{password}' in role {PasswordUsers}", cancellationToken);

    /// <summary>Stops the server, with whatever its clients are doing; its data stay.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Starts the server again after <see cref="StopAsync"/>, on the same port.</summary>
    public async Task RestartAsync()
    {
        _process = Start(_command);
        await WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(debian)
            ? Directory.EnumerateDirectories(debian).OrderByDescending(folder => folder, StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static async Task InitAsync(string programs, string folder)
    {
        using var process = Start($"\"{programs}/initdb\" -D \"{folder}\" -U {User} -A trust -E UTF8 --locale=C --no-sync >\"{folder}.log\" 2>&1");
        await process.WaitForExitAsync();
        var log = File.Exists($"{folder}.log") ? await File.ReadAllTextAsync($"{folder}.log") : "";
        File.Delete($"{folder}.log");
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"initdb ended with exit code {process.ExitCode}: {log}");
        var rules = Path.Combine(folder, "pg_hba.conf");
        await File.WriteAllTextAsync(rules, $"host all +{PasswordUsers} 127.0.0.1/32 scram-sha-256\n{await File.ReadAllTextAsync(rules)}");
    }

    /// <summary>PostgreSQL refuses to run as root, so root starts it as nobody.</summary>
    private static Process Start(string command)
    {
        string[] shell = ["/bin/sh", "-c", command];
        var line = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. shell] : shell;
        var process = Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath(),
        }) ?? throw new InvalidOperationException($"'{line[0]}' was not started.");
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        var log = new StringBuilder();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
                log.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        for (var started = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await ExecuteAsync("select 1", CancellationToken.None);
                return;
            }
            catch (NpgsqlException) when (started.Elapsed < StartLimit && !_process.HasExited)
            {
                // Not yet.
            }
            catch (NpgsqlException failure)
            {
                lock (log)
                    throw new InvalidOperationException($"PostgreSQL did not start within {StartLimit}: {failure.Message}\n{log}", failure);
            }
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={_port};Database=postgres;Username={User};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
