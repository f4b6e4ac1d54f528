using Quartz;
using Workbench.Data;

namespace Workbench.Host.Scheduling;

/// <summary>Quartz on the same database as everything else.</summary>
internal static class QuartzSetup
{
    public static void AddWorkflowSchedules(this IServiceCollection services, DataFolder folder)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options => options.IdleWaitTime = TimeSpan.FromSeconds(1));
            quartz.UseDefaultThreadPool(2);
            quartz.UsePersistentStore(store =>
            {
                store.UseSqlite($"Data Source={folder.Database};Default Timeout=30");
                store.ProvisionSchema();
                store.UseSystemTextJsonSerializer();
            });
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        services.AddHostedService<WorkflowSchedules>();
    }
}
