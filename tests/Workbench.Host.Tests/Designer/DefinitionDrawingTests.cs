using System.Globalization;
using System.Xml.Linq;
using Workbench.Host.Designer;
using Workbench.Workflows.Model;

namespace Workbench.Host.Tests.Designer;

public sealed class DefinitionDrawingTests
{
    [Fact]
    public void Render_ActivitiesWithoutPlaces_LieBesideEachOther()
    {
        var definition = WorkflowDefinition.Parse("""
            {"definitionId": "plain", "root": {"type": "Elsa.Flowchart", "id": "root",
             "activities": [{"id": "a", "type": "Elsa.Start"}, {"id": "b", "type": "Elsa.WriteLine"}, {"id": "c", "type": "Elsa.WriteLine"}],
             "connections": [{"source": {"activity": "a", "port": "Done"}, "target": {"activity": "b", "port": "In"}},
                             {"source": {"activity": "b", "port": "Done"}, "target": {"activity": "c", "port": "In"}}]}}
            """);

        var image = XElement.Parse(DefinitionDrawing.Render(definition));

        var lefts = image.Descendants(image.Name.Namespace + "rect").Select(box => double.Parse(box.Attribute("x")!.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(3, lefts.Count);
        Assert.Equal(lefts.Order(), lefts);
        Assert.All(lefts.Zip(lefts.Skip(1)), pair => Assert.True(pair.Second - pair.First >= DefinitionLayout.Width));
    }
}
