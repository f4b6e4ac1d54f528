namespace Workbench.Notebooks.Protocol;

/// <summary>The four channels of the Jupyter protocol that carry messages; the heartbeat only echoes.</summary>
internal enum JupyterChannel
{
    Shell,
    Control,
    Stdin,
    IOPub,
}
