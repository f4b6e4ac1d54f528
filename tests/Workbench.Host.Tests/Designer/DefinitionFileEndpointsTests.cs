using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using static Workbench.Host.Tests.Designer.DesignerHost;

namespace Workbench.Host.Tests.Designer;

public sealed class DefinitionFileEndpointsTests
{
    [Fact]
    public async Task ExportImport_SingleAndZip_RoundTrip()
    {
        await using var host = await StartAsync();
        var ids = new List<string>();
        foreach (var id in new[] { "one", "two" })
            ids.Add((string)(await host.SaveAsync(Model(id, Activity("a", "Elsa.Start"))))["id"]!);
        var single = await host.Client.GetByteArrayAsync("/elsa/api/workflow-definitions/one/export?versionOptions=Latest");
        using var answer = await host.Client.PostAsync("/elsa/api/bulk-actions/export/workflow-definitions", new StringContent($$"""{"ids":["{{ids[0]}}","{{ids[1]}}"]}""", null, "application/json"));
        var zip = await answer.Content.ReadAsByteArrayAsync();
        using (var archive = new ZipArchive(new MemoryStream(zip)))
            Assert.Equal(["workflow-definition-one-v1.json", "workflow-definition-two-v1.json"], archive.Entries.Select(entry => entry.Name).Order());

        await using var other = await StartAsync();
        Assert.Equal(2, (int)(await ImportAsync(other, ("all.zip", zip)))["count"]!);
        var copy = await other.GetAsync("/workflow-definitions/by-definition-id/one");
        var original = await host.GetAsync("/workflow-definitions/by-definition-id/one");
        Assert.True(JsonNode.DeepEquals(original["root"], copy["root"]));
        // As new, a taken id is left alone; else it becomes the next draft of that definition.
        var asNew = await ImportAsync(other, ("one.json", single), "?mode=New");
        Assert.Equal("one-2", (string?)asNew["definitionIds"]![0]);
        await other.PostAsync("/workflow-definitions/one/publish", new { });
        await ImportAsync(other, ("one.json", [.. Encoding.UTF8.GetPreamble(), .. single]));
        Assert.Equal(2, (int)(await other.GetAsync("/workflow-definitions/by-definition-id/one"))["version"]!);
    }

    [Fact]
    public async Task Import_OneWrongFile_ChangesNothing()
    {
        await using var host = await StartAsync();
        var good = Encoding.UTF8.GetBytes(Model("good", Activity("a", "Elsa.Start")).ToJsonString());
        using var form = new MultipartFormDataContent { { new ByteArrayContent(good), "files", "good.json" }, { new ByteArrayContent("no zip"u8.ToArray()), "files", "bad.zip" } };
        using var answer = await host.Client.PostAsync("/elsa/api/workflow-definitions/import-files", form);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("bad.zip", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, (int)(await host.GetAsync("/workflow-definitions/query/count"))["count"]!);
    }

    [Fact]
    public async Task Pipelines_DuplicateDiffAndDrawing_WorkWithoutTheDesigner()
    {
        await using var host = await StartAsync(studioFolder: "/nowhere");
        var page = await host.Client.GetStringAsync("/studio/definitions");
        Assert.Contains("npm", page);
        Assert.Contains("@elsa-workflows/elsa-studio-wasm", page);
        await host.SaveAsync(Model("p", Activity("say <b>", "Workbench.Evaluate", ("atLeast", "0.5"))), publish: false);
        await host.PostAsync("/workflow-definitions/import", Model("p2", Activity("a", "Elsa.Start")));
        using var copied = await host.Client.PostAsync("/api/workflows/p/duplicate", new StringContent("{}", null, "application/json"));
        Assert.Equal("p-copy", (string?)JsonNode.Parse(await copied.Content.ReadAsStringAsync())!["id"]);
        using var svg = await host.Client.GetAsync("/api/workflows/p/drawing");
        Assert.Equal("image/svg+xml", svg.Content.Headers.ContentType?.MediaType);
        var drawing = System.Xml.Linq.XDocument.Parse(await svg.Content.ReadAsStringAsync());
        Assert.Contains(drawing.Descendants(), element => element.Name.LocalName == "text" && element.Value == "say <b>");
    }

    private static async Task<JsonNode> ImportAsync(DesignerHost host, (string Name, byte[] Content) file, string query = "")
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file.Content), "files", file.Name } };
        using var answer = await host.Client.PostAsync("/elsa/api/workflow-definitions/import-files" + query, form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
