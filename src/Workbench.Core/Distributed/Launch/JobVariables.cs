namespace Workbench.Distributed.Launch;

/// <summary>The environment variables by which a rank knows its job.</summary>
internal static class JobVariables
{
    /// <summary>Where the supervisor listens and the job's secret: <c>address:port[,address:port]/token</c>.</summary>
    public const string Job = "WORKBENCH_JOB";
    public const string Backend = "WORKBENCH_BACKEND";
    public const string Attempt = "WORKBENCH_JOB_ATTEMPT";
    public const string InitialSize = "WORKBENCH_JOB_INITIAL_SIZE";

    // Open MPI's own, set for every process that mpirun starts.
    public const string Rank = "OMPI_COMM_WORLD_RANK";
    public const string Size = "OMPI_COMM_WORLD_SIZE";
    public const string LocalRank = "OMPI_COMM_WORLD_LOCAL_RANK";
    public const string LocalSize = "OMPI_COMM_WORLD_LOCAL_SIZE";
}
