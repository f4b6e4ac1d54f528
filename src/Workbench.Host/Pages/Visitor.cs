using Microsoft.JSInterop;

namespace Workbench.Host.Pages;

/// <summary>
/// Who sits before the browser, as they call themselves: the host has one key and no accounts. The name is kept in the browser
/// and written beside what they decide. One for each circuit.
/// </summary>
internal sealed class Visitor(IJSRuntime script)
{
    public const string ThemeCookie = "workbench-theme";
    private const string NameKey = "workbench-name";

    /// <summary>The name, or an empty text.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Who is written beside an action that asks for no name.</summary>
    public string Actor => Name.Length > 0 ? Name : "page";

    /// <summary>Raised when the name is known or has changed.</summary>
    public event Action? Changed;

    /// <summary>Reads the name that the browser keeps. Needs a circuit.</summary>
    public async Task LoadAsync()
    {
        Name = await script.InvokeAsync<string?>("workbench.recall", NameKey) ?? "";
        Changed?.Invoke();
    }

    public async Task RenameAsync(string name)
    {
        Name = name.Trim();
        await script.InvokeVoidAsync("workbench.remember", NameKey, Name);
        Changed?.Invoke();
    }
}
