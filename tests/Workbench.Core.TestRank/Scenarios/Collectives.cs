using System.Globalization;

namespace Workbench.TestRank.Scenarios;

/// <summary>What ranks do together, without any training.</summary>
internal static class Collectives
{
    // By what mpirun tells each process, without the library.
    public static void Greet(string[] parameters) =>
        Line.Write(new { rank = Number("OMPI_COMM_WORLD_RANK"), size = Number("OMPI_COMM_WORLD_SIZE"), parameters });

    private static int Number(string variable) => int.Parse(Environment.GetEnvironmentVariable(variable)!, CultureInfo.InvariantCulture);
}
