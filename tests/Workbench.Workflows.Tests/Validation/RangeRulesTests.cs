using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

public sealed class RangeRulesTests
{
    private static readonly ActivityCatalog Catalog = new(new ActivityDescriptor("Test.Step") { Inputs = [new("share", "Double") { Minimum = 0, Maximum = 1 }, new("days", "Int32") { Minimum = 1 }] });

    [Theory]
    [InlineData("share", "1.5", "1.5 is out of range. Write a number from 0 to 1.")]
    [InlineData("share", "-0.1", "-0.1 is out of range. Write a number from 0 to 1.")]
    [InlineData("days", "0", "0 is out of range. Write 1 or more.")]
    public void Validate_LiteralOutOfRange_IsAnError(string input, string value, string expected)
    {
        var finding = Assert.Single(Validate(input, value), finding => finding.Rule == "range");
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains(expected, finding.Message);
    }

    [Theory]
    [InlineData("share", "0")]
    [InlineData("share", "1")]
    [InlineData("days", "100000")]
    [InlineData("share", "")]
    public void Validate_LiteralInRange_IsFine(string input, string value) => Assert.DoesNotContain(Validate(input, value), finding => finding.Rule == "range");

    [Theory]
    [InlineData("4", true)]
    [InlineData("3", false)]
    [InlineData(null, false)] // Its default is 1.
    public void Validate_LiteralsThatDoNotGoTogether_IsAnErrorInTheTypesOwnWords(string? number, bool isWrong)
    {
        var catalog = new ActivityCatalog(new ActivityDescriptor("Test.Step")
        {
            Inputs = [new("number", "Int32") { DefaultValue = 1 }, new("text")],
            Check = literals => (int?)literals["number"] > 3 && literals["text"] is null ? ["More than three take a text."] : [],
        });
        var inputs = number is null ? [] : new (string, JsonNode?)[] { ("number", FlowBuilder.Value("Int32", Expression.Literal, number)) };
        var findings = WorkflowValidator.Validate(new FlowBuilder().Activity("a", "Test.Step", inputs).Build(), catalog);
        Assert.Equal(isWrong, findings.Any(finding => finding is { Rule: "inputs", Severity: FindingSeverity.Error, Message: "More than three take a text." }));
    }

    private static IReadOnlyList<Finding> Validate(string input, JsonNode value) => WorkflowValidator.Validate(
        new FlowBuilder().Activity("a", "Test.Step", (input, FlowBuilder.Value("String", Expression.Literal, value))).Build(), Catalog);
}
