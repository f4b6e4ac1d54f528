using Microsoft.Data.Sqlite;
using Quartz;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Scheduling;

/// <summary>
/// Quartz on the same database as everything else: alone on a SQLite file, as one of a cluster on PostgreSQL. It only wakes a host
/// when a trigger's moment has come; whether a run starts is decided in the trigger's own row.
/// </summary>
internal static class QuartzSetup
{
    /// <summary>Seconds that Quartz waits for SQLite's one writer.</summary>
    private const int SqliteTimeoutSeconds = 30;

    public static void AddWorkflowSchedules(this IServiceCollection services, WorkflowStore store)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceId = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
                options.IdleWaitTime = TimeSpan.FromSeconds(1);
            });
            quartz.UseDefaultThreadPool(2);
            quartz.UsePersistentStore(persistence =>
            {
                if (store.IsPostgreSql)
                    UsePostgreSql(persistence, store.ConnectionString);
                else
                    persistence.UseSqlite(new SqliteConnectionStringBuilder(store.ConnectionString) { ForeignKeys = null, DefaultTimeout = SqliteTimeoutSeconds }.ConnectionString);
                persistence.ProvisionSchema();
                persistence.UseSystemTextJsonSerializer();
            });
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        services.AddHostedService<WorkflowSchedules>();
        services.AddHostedService<NewDataService>();
    }

    private static void UsePostgreSql(IPersistentStoreBuilder persistence, string connectionText)
    {
        persistence.UsePostgres(connectionText);
        persistence.UseClustering(cluster =>
        {
            cluster.CheckinInterval = TimeSpan.FromSeconds(2);
            cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(3);
        });
    }
}
