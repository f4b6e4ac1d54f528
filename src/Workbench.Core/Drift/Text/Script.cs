namespace Workbench.Drift.Text;

/// <summary>Writing systems that are told apart.</summary>
internal enum Script
{
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Bengali,
    Thai,
    Georgian,
    Hangul,
    Kana,
    Han,
    Other,
}
