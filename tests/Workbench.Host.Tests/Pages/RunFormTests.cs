using System.Text.Json.Nodes;
using Workbench.Host.Pages.Pipelines;
using Workbench.Workflows.Model;

namespace Workbench.Host.Tests.Pages;

public sealed class RunFormTests
{
    [Theory]
    [InlineData("Int32", "42", "42")]
    [InlineData("Int64", "-7", "-7")]
    [InlineData("Double", "0.25", "0.25")]
    [InlineData("Boolean", "true", "true")]
    [InlineData("String", "42", "\"42\"")]
    [InlineData("Object", """{"a": [1, 2]}""", """{"a":[1,2]}""")]
    public void Read_Text_BecomesAValueOfItsType(string type, string text, string expected) =>
        Assert.Equal(expected, Read(type, text, out _)!["x"]!.ToJsonString());

    [Theory]
    [InlineData("Int32", "4.5", "whole number")]
    [InlineData("Double", "1,5", "no number")]
    [InlineData("Double", "NaN", "no number")]
    [InlineData("Object", "{", "no JSON")]
    public void Read_WrongText_SaysWhatIsWrong(string type, string text, string expected)
    {
        Assert.Null(Read(type, text, out var field));
        Assert.Contains(expected, field.Problem);
    }

    [Fact]
    public void Read_EmptyFields_AreLeftToTheirDefaultsUnlessRequired()
    {
        var form = new RunForm(new() { Inputs = [new() { Name = "a", Type = "Int32" }, new() { Name = "b", Type = "String", IsRequired = true }] });
        Assert.Null(form.Read());
        Assert.Equal((null, "A run needs it."), (form.Fields[0].Problem, form.Fields[1].Problem));
        form.Fields[1].Text = "here";
        Assert.Equal("""{"b":"here"}""", form.Read()!.ToJsonString());
    }

    [Fact]
    public void Fields_Defaults_AreFilledInAsAPersonWritesThem()
    {
        var form = new RunForm(new() { Inputs = [new() { Name = "a", Type = "String", DefaultValue = JsonValue.Create("now") }, new() { Name = "b", Type = "Int32", DefaultValue = JsonValue.Create(56) }, new() { Name = "c", Type = "Boolean" }] });
        Assert.Equal(["now", "56", "false"], form.Fields.Select(field => field.Text));
    }

    private static JsonObject? Read(string type, string text, out RunField field)
    {
        var form = new RunForm(new WorkflowDefinition { Inputs = [new() { Name = "x", Type = type }] });
        field = form.Fields[0];
        field.Text = text;
        return form.Read();
    }
}
