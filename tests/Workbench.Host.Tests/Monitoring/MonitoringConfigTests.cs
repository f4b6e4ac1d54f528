using Workbench.Data;
using Workbench.Host.Monitoring;
using Workbench.Monitoring;

namespace Workbench.Host.Tests.Monitoring;

public sealed class MonitoringConfigTests
{
    private readonly DataFolder _folder = new(Directory.CreateTempSubdirectory("workbench-test-").FullName);

    [Fact]
    public void Read_DriftTimes_AreThoseOfTheFileOrADayAndThirty()
    {
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromDays(30)), Times(MonitoringConfig.Read(_folder)));
        Write("""{ "driftInterval": "06:00:00", "driftWindow": "7.00:00:00" }""");
        Assert.Equal((TimeSpan.FromHours(6), TimeSpan.FromDays(7)), Times(MonitoringConfig.Read(_folder)));
    }

    [Theory]
    [InlineData("driftInterval")]
    [InlineData("driftWindow")]
    public void Read_NoTimeAtAll_IsRefusedWithItsName(string name)
    {
        Write($$"""{ "{{name}}": "00:00:00" }""");
        var failure = Assert.Throws<CommandException>(() => MonitoringConfig.Read(_folder));
        Assert.Contains($"{name} is 00:00:00; allowed are times above zero", failure.Message);
    }

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder.Path, ChannelSettings.FileName), json);

    private static (TimeSpan, TimeSpan) Times(MonitoringConfig config) => (config.DriftInterval, config.DriftWindow);
}
