using System.Globalization;

namespace Workbench.Notebooks.Rendering;

/// <summary>How a character looks, after "select graphic rendition" of ECMA-48.</summary>
internal readonly record struct TerminalStyle(string? Colour, string? Background, bool Bold, bool Faint, bool Italic, bool Underlined, bool Inverse)
{
    // The sixteen named colours, dark enough to be read on white (contrast 4.5 : 1 and more, but for the backgrounds' sake not white).
    private static readonly string[] Palette =
    [
        "#111827", "#B42318", "#12733C", "#8A5A00", "#1D4ED8", "#9A1F8F", "#0B6E78", "#6B7280",
        "#4B5563", "#C8281C", "#0F7A3E", "#946200", "#2563EB", "#A3269A", "#0E7480", "#6B7280",
    ];

    /// <summary>The style as CSS; empty for plain text. Made of this class's own words and numbers only.</summary>
    public string Css
    {
        get
        {
            var (colour, background) = Inverse ? (Background ?? "#FFFFFF", Colour ?? "#111827") : (Colour, Background is null ? null : Background + "33");
            return (colour is null ? "" : $"color:{colour};") + (background is null ? "" : $"background:{background};") + (Bold ? "font-weight:600;" : "")
                + (Faint ? "opacity:.75;" : "") + (Italic ? "font-style:italic;" : "") + (Underlined ? "text-decoration:underline;" : "");
        }
    }

    /// <summary>This style after a sequence's parameters, such as <c>1;31</c>.</summary>
    public TerminalStyle With(string parameters)
    {
        var style = this;
        var codes = parameters.Split(';', ':').Select(code => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0).ToArray();
        for (int place = 0; place < codes.Length; place++)
            style = codes[place] is 38 or 48 ? style.WithExtended(codes, ref place) : style.With(codes[place]);
        return style;
    }

    private TerminalStyle With(int code) => code switch
    {
        0 => new(),
        1 => this with { Bold = true },
        2 => this with { Faint = true },
        3 => this with { Italic = true },
        4 => this with { Underlined = true },
        7 => this with { Inverse = true },
        22 => this with { Bold = false, Faint = false },
        23 => this with { Italic = false },
        24 => this with { Underlined = false },
        27 => this with { Inverse = false },
        >= 30 and <= 37 => this with { Colour = Palette[code - 30] },
        39 => this with { Colour = null },
        >= 40 and <= 47 => this with { Background = Palette[code - 40] },
        49 => this with { Background = null },
        >= 90 and <= 97 => this with { Colour = Palette[code - 90 + 8] },
        >= 100 and <= 107 => this with { Background = Palette[code - 100 + 8] },
        _ => this,
    };

    // 38;5;N takes a colour of the table of 256, 38;2;R;G;B one of its own; 48 the same for the background.
    private TerminalStyle WithExtended(int[] codes, ref int place)
    {
        bool isBackground = codes[place] == 48;
        string? colour = null;
        if (place + 2 < codes.Length && codes[place + 1] == 5)
        {
            colour = OfTable(codes[place + 2]);
            place += 2;
        }
        else if (place + 4 < codes.Length && codes[place + 1] == 2)
        {
            colour = Rgb(codes[place + 2], codes[place + 3], codes[place + 4]);
            place += 4;
        }
        if (colour is null)
            return this;
        return isBackground ? this with { Background = colour } : this with { Colour = colour };
    }

    // xterm's table: 16 named colours, a cube of 6 x 6 x 6, and 24 greys.
    private static string OfTable(int index) => index switch
    {
        < 16 => Palette[index],
        < 232 => Rgb(Level((index - 16) / 36), Level((index - 16) / 6 % 6), Level((index - 16) % 6)),
        _ => Rgb(8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10),
    };

    private static int Level(int step) => step == 0 ? 0 : 55 + 40 * step;

    private static string Rgb(int red, int green, int blue) => $"#{Math.Min(red, 255):X2}{Math.Min(green, 255):X2}{Math.Min(blue, 255):X2}";
}
