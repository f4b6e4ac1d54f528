namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>
/// Compiles cells like those that are to come, and runs none of them. The compiler is compiled ahead of time, yet the runtime
/// makes it faster by a quarter once it has seen what is called often: that is done here, while the user reads and types.
/// </summary>
/// <param name="session">Whose last submission they build on.</param>
internal sealed class CompilerWarmUp(CSharpSession session)
{
    // Calls are counted 100 ms after the last method that was compiled for the first time, and 30 of them are many.
    private const int Rounds = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>What is compiled: something of each kind that cells often hold.</summary>
    public static IReadOnlyList<string> Cells { get; } =
    [
        "1 + 1",
        "var numbers = new List<double> { 1, 2.5 }; var text = \"a\"; numbers",
        "Console.WriteLine($\"{DateTime.UtcNow:O} {Math.Round(2.345, 2)}\");",
        "var rows = Enumerable.Range(0, 10).Where(n => n % 2 == 0).Select(n => new { Id = n, Name = $\"row {n}\" }).ToList(); rows",
        "record Row(int Id, string? Name); static int Twice(int value) => 2 * value;",
        "var sum = 0.0; foreach (var n in Enumerable.Range(0, 10)) { if (n > 5) break; sum += Math.Sqrt(n); } sum",
        "using System.Globalization; await Task.Delay(1); var parsed = int.TryParse(\"1\", CultureInfo.InvariantCulture, out var number) ? number : 0;",
        "try { File.ReadAllText(\"none\"); } catch (IOException failure) { Console.Error.WriteLine(failure.Message); }",
    ];

    /// <summary>Compiles, with a pause whenever the kernel has something else to do.</summary>
    public async Task RunAsync(Func<bool> isBusy, CancellationToken cancellationToken)
    {
        for (int round = 0; round < Rounds; round++)
        {
            foreach (var cell in Cells)
            {
                while (isBusy())
                    await Task.Delay(Pause, cancellationToken);
                session.Rehearse(cell, cancellationToken);
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
