// Ink asks the terminal for its size on every frame unless both are set, and treats any CI variable as "not a terminal".
process.env.COLUMNS = '100';
process.env.LINES = '30';
delete process.env.CI;
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
