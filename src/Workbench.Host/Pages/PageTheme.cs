using MudBlazor;
using Workbench.Charts;

namespace Workbench.Host.Pages;

/// <summary>Colours and fonts: what the machine has, no download; the reports' blue.</summary>
internal static class PageTheme
{
    private static readonly string[] Fonts = [.. ChartPalette.Font.Split(',').Select(font => font.Trim())];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5c96", Background = "#f5f7f9", Surface = "#ffffff", TextPrimary = "#1d2733", TextSecondary = "#52606d", LinesDefault = "#dde3ea", TableLines = "#dde3ea",
            Success = "#1b7f4d", Error = "#b3261e", Warning = "#8a5a00", Info = "#0b5c96",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#7cc4f8", Background = "#12181f", Surface = "#1b232c", TextPrimary = "#e4eaf0", TextSecondary = "#a9b6c2", LinesDefault = "#33404c", TableLines = "#33404c",
            Success = "#58c98c", Error = "#ff8a80", Warning = "#e6b450", Info = "#7cc4f8", PrimaryContrastText = "#12181f",
        },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = Fonts }, Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none" } },
    };
}
