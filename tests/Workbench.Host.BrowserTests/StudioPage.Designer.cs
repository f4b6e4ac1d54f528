using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

/// <summary>What a person does in the designer.</summary>
internal sealed partial class StudioPage
{
    private const int Drags = 6;
    private const float DropLimit = 10_000;
    private const float SaveLimit = 90_000;

    public ILocator Node(string name) => Page.Locator(".x6-node", new() { HasText = name }).First;

    /// <summary>The control of an input in the activity's properties. The designer's labels name no field, so it is found around its label.</summary>
    public ILocator Control(string label) => Page.Locator(".mud-input-control-input-container", new() { Has = Page.Locator($"label:text-is(\"{label}\")") }).Last;

    public async Task OpenedAsync(int activities)
    {
        if (activities > 0)
            await Node("").WaitForAsync();
        await Assertions.Expect(Page.Locator(".x6-node")).ToHaveCountAsync(activities);
        await Page.Locator(".mud-expand-panel-header").First.WaitForAsync();
    }

    /// <summary>Drags an activity from the palette onto the canvas and waits until the draft with it is saved.</summary>
    public async Task DragAsync(string category, string activity, float x, float y)
    {
        var header = Page.Locator(".mud-expand-panel-header", new() { HasText = category });
        var item = Page.Locator(".mud-expand-panel", new() { HasText = category }).GetByText(activity, new() { Exact = true }).First;
        if (!await item.IsVisibleAsync())
            await header.ClickAsync();
        var nodes = Page.Locator(".x6-node");
        int before = await nodes.CountAsync();
        await SavedAsync(async () =>
        {
            // The canvas may be drawn and not yet listening, or the machine be slow: a person drags again.
            for (int attempt = 1; attempt <= Drags; attempt++)
            {
                await DragOverAsync(item, x, y);
                if (await AppearsAsync(nodes.Nth(before)))
                    return;
            }
            await PictureAsync("not-dropped");
            throw new TimeoutException($"'{activity}' was dragged onto the canvas {Drags} times and did not appear there.");
        }, SaveLimit);
    }

    // In steps, as a hand moves: a page that is busy when the mouse jumps sees no drag begin.
    private async Task DragOverAsync(ILocator item, float x, float y)
    {
        var canvas = await Page.Locator(".x6-graph").First.BoundingBoxAsync() ?? throw new InvalidOperationException("The canvas is not drawn.");
        await item.HoverAsync();
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(canvas.X + x - 20, canvas.Y + y - 20, new() { Steps = 15 });
        await Page.Mouse.MoveAsync(canvas.X + x, canvas.Y + y, new() { Steps = 5 });
        await Page.Mouse.UpAsync();
    }

    private static async Task<bool> AppearsAsync(ILocator locator)
    {
        try
        {
            await locator.WaitForAsync(new() { Timeout = DropLimit });
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Draws a connection from an outcome of one activity to another.</summary>
    public async Task ConnectAsync(string from, string outcome, string to)
    {
        var (source, target) = (await CentreAsync(Node(from).Locator($"[port='{outcome}']")), await CentreAsync(Node(to).Locator("[port='In']")));
        await SavedAsync(async () =>
        {
            await Page.Mouse.MoveAsync(source.X, source.Y);
            await Page.Mouse.DownAsync();
            await Page.Mouse.MoveAsync(target.X, target.Y, new() { Steps = 15 });
            await Page.Mouse.UpAsync();
        });
    }

    public async Task SelectAsync(string name, string firstInput)
    {
        await Node(name).ClickAsync();
        await Control(firstInput).WaitForAsync();
    }

    public Task FillAsync(string label, string value) => SavedAsync(async () =>
    {
        var field = Control(label).Locator("input,textarea").First;
        await field.FillAsync(value);
        await field.BlurAsync();
    });

    public Task ChooseAsync(string label, string option) => SavedAsync(async () =>
    {
        await Control(label).ClickAsync();
        await Page.Locator(".mud-popover-open").GetByText(option, new() { Exact = true }).ClickAsync();
    });

    /// <summary>Types into the editor for code that is shown.</summary>
    public Task TypeCodeAsync(string code) => SavedAsync(async () =>
    {
        await Page.Locator(".monaco-editor:visible").First.ClickAsync();
        await Page.Keyboard.TypeAsync(code);
    });

    /// <summary>Adds words to a list of texts, each of which the designer saves.</summary>
    public async Task AddAsync(string label, params string[] words)
    {
        var field = Control(label).Locator("input").First;
        foreach (var word in words)
            await SavedAsync(async () =>
            {
                await field.PressSequentiallyAsync(word);
                await field.PressAsync("Enter");
            });
    }

    /// <summary>Presses Publish and returns the server's answer.</summary>
    public async Task<IResponse> PublishAsync() =>
        await Page.RunAndWaitForResponseAsync(() => Page.Locator(".mud-button-group-root button").First.ClickAsync(), IsSave);

    /// <summary>Does something that the designer saves by itself, and waits until it has.</summary>
    public async Task SavedAsync(Func<Task> work, float? limit = null) =>
        await Page.RunAndWaitForResponseAsync(work, answer => IsSave(answer) && answer.Ok, new() { Timeout = limit });

    private static bool IsSave(IResponse answer) => answer.Request.Method == "POST" && answer.Url.EndsWith("/elsa/api/workflow-definitions", StringComparison.Ordinal);

    private static async Task<(float X, float Y)> CentreAsync(ILocator locator)
    {
        var box = await locator.First.BoundingBoxAsync() ?? throw new InvalidOperationException($"{locator} is not drawn.");
        return (box.X + box.Width / 2, box.Y + box.Height / 2);
    }
}
